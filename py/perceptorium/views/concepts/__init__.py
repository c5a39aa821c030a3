"""The six concepts, one panel each: a figure that follows the learner, its formula, and PyTorch saying the same."""
