package dev.vramcast.core.range;

/** Between how many bytes the truth is expected, both ends included. */
public record ByteRange(long lowBytes, long highBytes) {

  public boolean contains(long bytes) {
    return bytes >= lowBytes && bytes <= highBytes;
  }

  /** Whether memory of a size holds what is expected. */
  public Verdict verdict(long usableBytes) {
    if (highBytes <= usableBytes) {
      return Verdict.FITS;
    }
    return lowBytes > usableBytes ? Verdict.DOES_NOT_FIT : Verdict.TIGHT;
  }
}
