package dev.vramcast.core.job.code;

/** Whose modeling code a framework trains. */
public enum ModelSource {
  /** That of the transformers library. */
  TRANSFORMERS,
  /** Its own. */
  OWN
}
