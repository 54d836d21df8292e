"""Steps along a geodesic that cannot pass the instant that is sought."""
