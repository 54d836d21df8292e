"""What leaves: releases of what is held at home, coarser versions, shares of own tracks, copies."""
