"""The training network, through real sockets."""
