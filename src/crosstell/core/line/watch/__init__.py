"""The watch: relief, what it hears and says by voice, broadcasts, a duress word heard."""
