package dev.vramcast.core.step.optimizer;

import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Rounding;
import dev.vramcast.core.units.Version;

/** The states that an optimizer keeps of each parameter, as what creates them does. */
public final class OptimizerStates {

  /** bitsandbytes keeps fp32 states for tensors below {@code min_8bit_size}. */
  private static final long MIN_8BIT_ELEMENTS = 4096;

  /** Elements of an 8-bit state that share a constant, in bitsandbytes and torchao. */
  private static final long BLOCK_8BIT = 256;

  /** As {@link #BLOCK_8BIT}, in bitsandbytes before {@link #SMALL_BLOCKS}. */
  private static final long OLD_BLOCK_8BIT = 2048;

  /** bitsandbytes/optim/optimizer.py, init_state: blocks became 256. */
  private static final Version SMALL_BLOCKS = Version.of(0, 44);

  /** torchao/optim/adam.py: AdamW4bit's {@code block_size}. */
  private static final long BLOCK_4BIT = 128;

  /** flashoptim/optimizers.py quantize: elements of a state that share a scale. */
  private static final long FLASH_GROUP = 32;

  /** bitsandbytes puts larger states of paged optimizers into managed memory. */
  private static final long MIN_PAGED_ELEMENTS = 100_000;

  private final OptimizerSettings optimizer;
  private final long block8Bit;
  private final Sink sink;

  /** Takes states, one after the other. */
  public interface Sink {

    /**
     * A state.
     *
     * @param paged it is in managed memory, which moves between GPU and host
     */
    void state(long elements, DataType dtype, boolean paged);
  }

  /** States of a job's optimizer, which go to the sink. */
  public OptimizerStates(ResolvedJob job, Sink sink) {
    this.optimizer = job.optimizer();
    this.sink = sink;
    boolean large = isBitsandbytes() && job.framework().bitsandbytes().compareTo(SMALL_BLOCKS) < 0;
    this.block8Bit = large ? OLD_BLOCK_8BIT : BLOCK_8BIT;
  }

  /** Those of one parameter, as they are after the first step. */
  public void of(Trainable t) {
    DataType parameter = t.dtype();
    boolean corrects = optimizer.name() == OptimizerName.FLASH_ADAMW;
    if (optimizer.masterWeights() && parameter != DataType.FP32 && !corrects) {
      state(t.elements(), DataType.FP32);
    }
    DataType moment = optimizer.stateDtype().filter(d -> !ofParameter()).orElse(parameter);
    switch (optimizer.name()) {
      case ADAMW -> adam(t, moment);
      case ADAMW_8BIT -> {
        if (isBitsandbytes()) {
          eightBit(t, 2, false);
        } else {
          lowBit(t, BLOCK_8BIT, 1, 256);
        }
      }
      case PAGED_ADAMW_8BIT -> eightBit(t, 2, true);
      case ADAMW_4BIT -> lowBit(t, BLOCK_4BIT, 2, 16);
      case PAGED_ADAMW -> paged(t, 2);
      case LION, RMSPROP, ADAGRAD -> state(t.elements(), isBitsandbytes() ? DataType.FP32 : moment);
      case LION_8BIT, RMSPROP_8BIT -> eightBit(t, 1, false);
      case PAGED_LION -> paged(t, 1);
      case PAGED_LION_8BIT -> eightBit(t, 1, true);
      case ADEMAMIX -> mixed(t, DataType.FP32, false);
      case PAGED_ADEMAMIX -> mixed(t, DataType.FP32, true);
      case ADEMAMIX_8BIT -> mixed(t, widths(t), false);
      case PAGED_ADEMAMIX_8BIT -> mixed(t, widths(t), true);
      case ADAFACTOR -> factored(t);
      case MUON -> muon(t, moment);
      case GALORE -> galore(t, moment);
      case APOLLO -> apollo(t, moment);
      case SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_RADAM -> scheduleFree(t);
      case SCHEDULE_FREE_SGD -> state(t.elements(), t.dtype());
      case STABLE_ADAMW -> stable(t);
      case FLASH_ADAMW -> flash(t);
      case SGD -> {
        if (optimizer.implementation() == OptimizerImplementation.MOMENTUM) {
          state(t.elements(), parameter);
        }
      }
      case NONE, LOMO -> {}
      case ADALOMO -> factors(t);
      case ADAM_MINI -> adamMini(t);
      case BADAM -> {
        // badam/block_optim.py _switch_trainable_params_single_gpu: param.clone().float().
        state(t.elements(), DataType.FP32);
        adam(t, DataType.FP32);
      }
      case ADAMW_CPU -> throw optimizer.name().notModelled();
    }
  }

  /** {@code torch.optim} makes its states like the parameter, whatever else is said. */
  private boolean ofParameter() {
    return switch (optimizer.implementation()) {
      case FUSED, FOREACH, FOR_LOOP, MOMENTUM -> !optimizer.masterWeights();
      case BITSANDBYTES, TORCHAO, DEEPSPEED, APEX -> false;
    };
  }

  private void adam(Trainable t, DataType moment) {
    DataType dtype =
        optimizer.implementation() == OptimizerImplementation.BITSANDBYTES
                || optimizer.masterWeights()
            ? DataType.FP32
            : moment;
    state(t.elements(), dtype);
    state(t.elements(), dtype);
    if (optimizer.implementation() == OptimizerImplementation.FUSED) {
      state(1, DataType.FP32);
    }
  }

  /** bitsandbytes/optim/optimizer.py init_state: codes, and a constant a block. */
  private void eightBit(Trainable t, int moments, boolean paged) {
    boolean wide = widths(t) == DataType.FP32;
    for (int i = 0; i < moments; i++) {
      if (wide) {
        maybePaged(t.elements(), DataType.FP32, paged);
      } else {
        maybePaged(t.elements(), DataType.UINT8, paged);
        state(Rounding.ceilDivide(t.elements(), block8Bit), DataType.FP32);
      }
    }
  }

  /**
   * torchao/optim/adam.py, _new_buffer: codes, a constant a block, and a map for each state; small
   * or odd parameters have states of their own dtype.
   */
  private void lowBit(Trainable t, long block, int codesInByte, long map) {
    boolean plain = t.elements() < MIN_8BIT_ELEMENTS || t.elements() % block != 0;
    for (int i = 0; i < 2; i++) {
      if (plain) {
        state(t.elements(), t.dtype());
      } else {
        state(t.elements() / codesInByte, DataType.UINT8);
        state(t.elements() / block, DataType.FP32);
        state(map, DataType.FP32);
      }
    }
  }

  private boolean isBitsandbytes() {
    return optimizer.implementation() == OptimizerImplementation.BITSANDBYTES;
  }

  /** In what bitsandbytes keeps an 8-bit optimizer's state of it. */
  private static DataType widths(Trainable t) {
    boolean table = t.use() == Trainable.Use.EMBEDDING || t.use() == Trainable.Use.TABLE;
    boolean wide = table || t.elements() < MIN_8BIT_ELEMENTS;
    return wide ? DataType.FP32 : DataType.UINT8;
  }

  /**
   * bitsandbytes/optim/ademamix.py init_state: two means of gradients in one tensor, one of their
   * squares, and a constant a block where these are codes.
   */
  private void mixed(Trainable t, DataType dtype, boolean paged) {
    boolean moves = paged && t.elements() >= MIN_PAGED_ELEMENTS;
    if (dtype == DataType.UINT8) {
      long blocks = Rounding.ceilDivide(t.elements(), BLOCK_8BIT);
      state(2 * blocks, DataType.FP32);
      state(blocks, DataType.FP32);
    }
    sink.state(2 * t.elements(), dtype, moves);
    sink.state(t.elements(), dtype, moves);
  }

  /**
   * optimi/stableadamw.py _init_state: two moments, what a sum in 16 bits has lost, a constant and
   * a kernel's mean of squares.
   */
  private void stable(Trainable t) {
    state(t.elements(), t.dtype());
    state(t.elements(), t.dtype());
    state(1, t.dtype());
    boolean narrow = t.dtype() != DataType.FP32;
    state(narrow ? t.elements() : 1, narrow ? t.dtype() : DataType.UINT8);
    state(1, DataType.FP32);
  }

  /** lomo_optim/adalomo.py __init__: means of rows and of columns, whole squares of vectors. */
  private void factors(Trainable t) {
    if (t.isMatrix()) {
      state(t.rowMeans(), DataType.FP32);
      state(t.columnMeans(), DataType.FP32);
    } else {
      state(t.elements(), DataType.FP32);
    }
  }

  private void paged(Trainable t, int moments) {
    for (int i = 0; i < moments; i++) {
      maybePaged(t.elements(), DataType.FP32, true);
    }
  }

  private void maybePaged(long elements, DataType dtype, boolean paged) {
    sink.state(elements, dtype, paged && elements >= MIN_PAGED_ELEMENTS);
  }

  /** transformers Adafactor: fp32 row and column means for matrices, everything for vectors. */
  private void factored(Trainable t) {
    state(1, DataType.FP32);
    if (t.isMatrix()) {
      state(t.rowMeans(), DataType.FP32);
      state(t.columnMeans(), DataType.FP32);
    } else {
      state(t.elements(), DataType.FP32);
    }
  }

  /** torch/optim/_muon.py: momentum for matrices; what else there is gets AdamW. */
  private void muon(Trainable t, DataType moment) {
    state(t.elements(), moment);
    if (!t.isHiddenMatrix()) {
      state(t.elements(), moment);
    }
  }

  /**
   * galore_torch/adamw.py: Adam on the projected gradient, and the projector. An fp32 projector is
   * a slice of all singular vectors, and keeps them alive (galore_projector.py).
   */
  private void galore(Trainable t, DataType moment) {
    if (!t.isProjected()) {
      adam(t, moment);
      return;
    }
    long rank = Math.min(optimizer.galoreRank(), t.shorter());
    state(rank * t.longer(), moment);
    state(rank * t.longer(), moment);
    state((moment == DataType.FP32 ? t.shorter() : rank) * t.shorter(), moment);
  }

  /**
   * apollo_torch/apollo.py: Adam on the projected gradient, the random projection, and the norm of
   * the last update.
   */
  private void apollo(Trainable t, DataType moment) {
    if (!t.isProjected()) {
      adam(t, moment);
      return;
    }
    long rank = optimizer.galoreRank();
    state(rank * t.longer(), moment);
    state(rank * t.longer(), moment);
    state(rank * t.shorter(), moment);
    state(1, moment);
  }

  /** schedulefree/adamw_schedulefree.py: a copy of the parameter, and the second moment. */
  private void scheduleFree(Trainable t) {
    state(t.elements(), t.dtype());
    state(t.elements(), t.dtype());
  }

  /**
   * adam_mini/adam_mini.py step: momentum, and a mean of squares for each row of a matrix, for each
   * head of queries and keys, and for the weight of a norm; biases have two moments.
   */
  private void adamMini(Trainable t) {
    String path = t.parameter().module().path();
    state(t.elements(), t.dtype());
    boolean ofNorm = path.contains("norm") || path.contains("ln_");
    if (!t.isMatrix() && !ofNorm) {
      state(t.elements(), t.dtype());
    } else {
      boolean heads = path.endsWith("q_proj") || path.endsWith("k_proj");
      state(t.isMatrix() && !heads ? t.rowMeans() : 1, t.dtype());
    }
  }

  /**
   * flashoptim/optimizers.py _ensure_state_initialized and quantize: codes and a 16-bit scale a
   * group for each moment, and what a 16-bit parameter lacks of 24 bits, or of 32 as master
   * weights.
   */
  private void flash(Trainable t) {
    for (int i = 0; i < 2; i++) {
      state(t.elements(), DataType.UINT8);
      state(Rounding.ceilDivide(t.elements(), FLASH_GROUP), DataType.FP16);
    }
    if (t.dtype() != DataType.FP32) {
      state(t.elements(), optimizer.masterWeights() ? DataType.FP16 : DataType.UINT8);
    }
  }

  /** Those that all parameters share: the maps of bitsandbytes' codes. */
  public void shared() {
    if (isEightBit()) {
      state(256, DataType.FP32);
      state(256, DataType.FP32);
    }
  }

  private boolean isEightBit() {
    return switch (optimizer.name()) {
      case ADAMW_8BIT -> isBitsandbytes();
      case PAGED_ADAMW_8BIT, LION_8BIT, PAGED_LION_8BIT -> true;
      case ADEMAMIX_8BIT, PAGED_ADEMAMIX_8BIT, RMSPROP_8BIT -> true;
      case ADAMW, ADAMW_4BIT, PAGED_ADAMW, ADAFACTOR, LION, SGD, MUON, GALORE, NONE -> false;
      case APOLLO, SCHEDULE_FREE_ADAMW, FLASH_ADAMW, ADAM_MINI, BADAM, LOMO, ADALOMO -> false;
      case PAGED_LION, ADEMAMIX, PAGED_ADEMAMIX, RMSPROP, ADAGRAD, STABLE_ADAMW -> false;
      case SCHEDULE_FREE_RADAM, SCHEDULE_FREE_SGD -> false;
      case ADAMW_CPU -> throw optimizer.name().notModelled();
    };
  }

  private void state(long elements, DataType dtype) {
    sink.state(elements, dtype, false);
  }
}
