package dev.vramcast.core.job.document;

/**
 * The newest library versions whose code the estimates follow; what a job that names no version is
 * taken to run on.
 */
public final class SupportedVersions {

  public static final String TORCH = "2.13";
  public static final String TRANSFORMERS = "5.7";
  public static final String PEFT = "0.20";
  public static final String BITSANDBYTES = "0.50";

  private SupportedVersions() {}
}
