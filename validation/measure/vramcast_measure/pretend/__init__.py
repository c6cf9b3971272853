"""Training code on fake tensors of a CUDA device that is not there."""
