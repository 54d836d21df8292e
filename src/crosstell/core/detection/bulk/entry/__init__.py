"""How a track and a zone are judged without the kernel: who may meet, when, and the verdict."""
