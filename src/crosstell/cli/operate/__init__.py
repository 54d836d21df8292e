"""The commands of an operator, over a node's interface: every act, every view, the watch."""
