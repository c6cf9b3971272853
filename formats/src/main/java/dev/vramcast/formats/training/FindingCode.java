package dev.vramcast.formats.training;

/** What can be found in a training file. */
public enum FindingCode {
  /** The format has no such key. */
  UNKNOWN_KEY("unknown-key", true),
  /** The format has no such key, but one that differs by a slip. */
  MISSPELT_KEY("misspelt-key", true),
  /** The format knows the key by another name now. */
  RENAMED_KEY("renamed-key", true),
  /** The key, or its value, does nothing in this file. */
  IGNORED_KEY("ignored-key", true),
  /** A key is given twice; the later value holds. */
  REPEATED_KEY("repeated-key", true),
  /** Two keys say different things. */
  CONTRADICTION("contradiction", true),
  /** The framework refuses this. */
  REFUSED("refused", true),
  /** The value cannot be used: of a wrong kind, or set outside the file. */
  UNREADABLE_VALUE("unreadable-value", true),
  /** What holds without the key is not what most people expect. */
  SURPRISING_DEFAULT("surprising-default", false),
  /** The key changes memory or time, and a job document cannot say it. */
  NOT_COUNTED("not-counted", false),
  /** No estimate is made of what the file asks for. */
  NOT_MODELLED("not-modelled", false),
  /** The file says more of the job than is read, or leaves what makes it to what is not there. */
  NOT_FOLLOWED("not-followed", false),
  /** The file does not say it, so something was assumed. */
  ASSUMED("assumed", false);

  private final String label;
  private final boolean warning;

  FindingCode(String label, boolean warning) {
    this.label = label;
    this.warning = warning;
  }

  /** The word in tables and JSON. */
  public String label() {
    return label;
  }

  /** Whether the file should be changed; other findings only tell. */
  public boolean isWarning() {
    return warning;
  }
}
