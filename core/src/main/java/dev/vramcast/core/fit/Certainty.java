package dev.vramcast.core.fit;

import dev.vramcast.core.range.RangeRow;
import java.util.Optional;

/** How surely a job has to fit. */
public enum Certainty {

  /** The whole range of what it needs is below the card's memory. */
  FOR_CERTAIN {
    @Override
    public boolean isMet(FitCheck check) {
      return check.fits();
    }

    @Override
    long mostBytes(Optional<RangeRow> errors, long usableBytes) {
      return errors.map(row -> row.largest(usableBytes)).orElse(usableBytes);
    }
  },

  /** The estimate is, whatever its range, and nothing beside the card is too little. */
  BY_THE_ESTIMATE {
    @Override
    public boolean isMet(FitCheck check) {
      return check.spareBytes() >= 0 && check.shortage().isEmpty();
    }

    @Override
    long mostBytes(Optional<RangeRow> errors, long usableBytes) {
      return usableBytes;
    }
  };

  /** Whether a job fits as surely. */
  public abstract boolean isMet(FitCheck check);

  /** The most bytes that a job may need of a card, by the estimate, to fit as surely. */
  abstract long mostBytes(Optional<RangeRow> errors, long usableBytes);
}
