package dev.vramcast.formats.run;

/** What is to be known about the figures of {@code nvidia-smi}. */
final class Smi {

  static final String MOMENT =
      "nvidia-smi shows the moment it is asked; since PyTorch keeps what it has taken, that is the"
          + " highest so far, unless memory was given back.";

  static final String FULLEST = "Of the %d GPUs the fullest is taken, GPU %s.";

  private Smi() {}
}
