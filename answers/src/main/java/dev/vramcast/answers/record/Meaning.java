package dev.vramcast.answers.record;

/** What components of several answers mean. */
public final class Meaning {

  public static final String JOB = "The job, every key settled where it could be.";
  public static final String ASSUMPTIONS = "Assumptions, one sentence each.";
  public static final String ABOUT =
      "For each of them, the key of the job that it follows from; null where it always holds.";
  public static final String ALLOCATED = "Peak of what PyTorch's allocator has given out.";
  public static final String RESERVED =
      "Peak of what PyTorch's caching allocator has taken from the device.";
  public static final String DEVICE =
      "As nvidia-smi shows it over many steps: reserved, with the CUDA context and communicators,"
          + " without what only the first steps hold for moments where memory runs short.";
  public static final String NEEDED =
      "What the device must have, after what the caching allocator can give back.";
  public static final String HOST = "In host memory, of this rank.";
  public static final String HEADROOM =
      "What is left of the device; negative where it is not enough.";
  public static final String LOW = "Low end of the range.";
  public static final String HIGH = "High end of the range.";
  public static final String VERDICT =
      "fits, tight or does_not_fit; tight where the memory of the card lies within the range.";
  public static final String VERDICT_WORDS =
      "The verdict for people: tight is called by what is likelier, or may or may not fit.";
  public static final String CHANCE =
      "The chance that it fits, by the errors on such runs; null where nothing is known of them.";
  public static final String PEAK_EPISODE =
      "The episode of the run whose peak is the highest, such as load or step.";
  public static final String PEAK_PHASE = "The phase of it in which the peak is.";
  public static final String BREAKDOWN =
      "What is alive at the peak, by category; the sum is the peak.";
  public static final String SUMMARY = "The answer in one sentence, for people.";
  public static final String BESIDE =
      "Of it, what storage of its disk and what is carried home cost; null where its list has no"
          + " price of them.";

  public static final String MODEL = "Name of the model.";
  public static final String GPU = "Name of the card in the catalogue.";
  public static final String MEMORY = "What the driver of one card gives to programs.";
  public static final String PARAMETERS = "Parameters of the model.";
  public static final String ACTIVE_PARAMETERS =
      "Parameters that a token runs through; fewer than all in a mixture of experts.";
  public static final String RANGE_SHARE = "The share of runs that the range is made to hold.";
  public static final String RANGE_RUNS = "Runs that the range rests on.";

  private Meaning() {}
}
