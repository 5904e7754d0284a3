"""The APIs that the training network speaks: one folder a network."""
