package dev.vramcast.core.architecture.mixer;

/**
 * Rotary position embedding.
 *
 * @param dimensions rotated features of each head, less than the head's size for partial rotary
 */
public record Rotary(Style style, int dimensions) {

  public static final Rotary NONE = new Rotary(Style.NONE, 0);

  /** How the modeling code writes it. */
  public enum Style {
    NONE,
    /** Llama: {@code q * cos + rotate_half(q) * sin}. */
    HALF,
    /** GLM, Cohere: even and odd features, interleaved. */
    INTERLEAVED,
    /** Llama 4: complex multiplication in fp32. */
    COMPLEX
  }
}
