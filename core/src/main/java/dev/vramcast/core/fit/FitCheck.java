package dev.vramcast.core.fit;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.life.MachineNeeds;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.TextOnly;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A job held against a card.
 *
 * @param needs beside what steps take of cards
 * @param textOnly what is left out of a model that takes in more than text
 * @param offers what the framework has for this model
 */
public record FitCheck(
    JobDocument document,
    Resolution resolution,
    MemoryEstimate memory,
    Room room,
    Need need,
    MachineNeeds needs,
    Optional<TextOnly> textOnly,
    Offers offers) {

  /**
   * What there is.
   *
   * @param card empty when only its memory is known
   * @param usableBytes what the job may take of it
   */
  public record Room(Optional<Gpu> card, long usableBytes) {}

  /**
   * What steps take.
   *
   * @param deviceBytes what the rank that needs most has to have of its card
   * @param range between how many bytes the truth is expected; the estimate alone where there is no
   *     range for such jobs
   * @param chance that the card holds it, by the errors that the range comes from; empty where
   *     there is no range
   * @param errors that both come from; empty where no run is known
   */
  public record Need(
      long deviceBytes, ByteRange range, OptionalDouble chance, Optional<RangeRow> errors) {}

  /**
   * What a framework has for a model.
   *
   * @param fusedLoss its loss without whole logits, where it has one for the model on this card
   * @param stopping strategies that would not find the layers of the model
   */
  public record Offers(Optional<LossKernel> fusedLoss, Set<Strategy> stopping) {}

  public Optional<LossKernel> fusedLoss() {
    return offers.fusedLoss();
  }

  public Optional<Gpu> card() {
    return room.card();
  }

  /** Machines that run it together. */
  public int machines() {
    return resolution.job().parallelism().nodes();
  }

  public long usableBytes() {
    return room.usableBytes();
  }

  public long deviceBytes() {
    return need.deviceBytes();
  }

  public ByteRange range() {
    return need.range();
  }

  public OptionalDouble chance() {
    return need.chance();
  }

  public Verdict verdict() {
    return shortage().isPresent() ? Verdict.DOES_NOT_FIT : range().verdict(usableBytes());
  }

  /** Something of which there is too little beside what steps take of cards. */
  public Optional<Shortage> shortage() {
    return needs.shortage();
  }

  /** What the job takes of that of which there is too little, else of its card. */
  public long decidingBytes() {
    return shortage().map(Shortage::neededBytes).orElse(deviceBytes());
  }

  /** What a machine has to have of its own memory; 0 where nothing is offloaded to it. */
  long hostBytes() {
    return needs.host().map(EpisodeNeed::hostBytes).orElse(0L);
  }

  /** Bytes that stay free; negative when more is needed than there is. */
  public long spareBytes() {
    return usableBytes() - deviceBytes();
  }

  /** Whether the whole range is below what may be used, and nothing else is too little. */
  public boolean fits() {
    return verdict() == Verdict.FITS;
  }
}
