package dev.vramcast.formats.training;

/**
 * A key of a format.
 *
 * @param path with dots between sections
 * @param target the key of the job document, or the newer name of a renamed key; may be empty
 * @param note why a key does nothing, or what is not counted
 */
public record KeyRow(String path, Role role, String target, String note) {

  /** What becomes of a key. */
  public enum Role {
    /** Its value is that of a key of the job document. */
    JOB,
    /** The reader's code reads it, alone or with others. */
    READ,
    /** It changes neither memory nor time of a step. */
    NONE,
    /** It changes memory or time, which a job document cannot say. */
    UNCOUNTED,
    /** It makes the run one that is not modelled; the note says what would have to be known. */
    UNMODELLED,
    /** The format knows it by another name now and still takes this one. */
    RENAMED,
    /** The framework does nothing with it. */
    IGNORED,
    /** The framework refuses it. */
    REFUSED
  }
}
