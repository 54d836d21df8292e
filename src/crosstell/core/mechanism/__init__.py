"""The one function, `step.step`, and the rules it is made of."""
