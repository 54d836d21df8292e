"""Papers of the aftermath as a person takes them along: a pack, a readout draft, an agenda."""
