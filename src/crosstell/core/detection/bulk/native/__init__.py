"""The kernel: its C sources, the libraries built from them, and the sources' digest."""
