"""What leaves by a person's act: releases, shares of own tracks, copies; and their labels."""
