"""bench: Serjeant's speed and memory beside other tools', as ratios of one run. Run it as ``python -m bench``."""
