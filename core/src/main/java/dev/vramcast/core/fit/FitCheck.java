package dev.vramcast.core.fit;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.MemoryEstimate;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A job held against a card.
 *
 * @param card empty when only its memory is known
 * @param deviceBytes what the rank that needs most has to have of its card
 * @param range between how many bytes the truth is expected; the estimate alone where there is no
 *     range for such jobs
 * @param chance that the card holds it, by the errors that the range comes from; empty where there
 *     is no range
 * @param shortage of something that other parts of the run take than its steps
 * @param usableBytes what the job may take of the card
 */
public record FitCheck(
    JobDocument document,
    Optional<Gpu> card,
    Resolution resolution,
    MemoryEstimate memory,
    long deviceBytes,
    ByteRange range,
    OptionalDouble chance,
    Optional<Shortage> shortage,
    long usableBytes) {

  public Verdict verdict() {
    return shortage.isPresent() ? Verdict.DOES_NOT_FIT : range.verdict(usableBytes);
  }

  /** What a machine keeps in its own memory instead of on its cards. */
  long hostBytes() {
    return memory.hostBytes(resolution.job().parallelism().nodes());
  }

  /** Bytes that stay free; negative when more is needed than there is. */
  public long spareBytes() {
    return usableBytes - deviceBytes;
  }

  /** Whether the whole range is below what may be used, and nothing else is too little. */
  public boolean fits() {
    return verdict() == Verdict.FITS;
  }
}
