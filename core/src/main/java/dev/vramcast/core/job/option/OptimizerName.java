package dev.vramcast.core.job.option;

import static dev.vramcast.core.job.option.OptimizerImplementation.APEX;
import static dev.vramcast.core.job.option.OptimizerImplementation.BITSANDBYTES;
import static dev.vramcast.core.job.option.OptimizerImplementation.DEEPSPEED;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOREACH;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOR_LOOP;
import static dev.vramcast.core.job.option.OptimizerImplementation.FUSED;
import static dev.vramcast.core.job.option.OptimizerImplementation.MOMENTUM;
import static dev.vramcast.core.job.option.OptimizerImplementation.TORCHAO;

import dev.vramcast.core.input.Named;
import java.util.List;

/** The update rule. */
public enum OptimizerName implements Named {
  ADAMW("adamw"),
  ADAMW_8BIT("adamw-8bit"),
  ADAMW_4BIT("adamw-4bit"),
  PAGED_ADAMW("paged-adamw"),
  PAGED_ADAMW_8BIT("paged-adamw-8bit"),
  ADAFACTOR("adafactor"),
  LION("lion"),
  LION_8BIT("lion-8bit"),
  PAGED_LION("paged-lion"),
  PAGED_LION_8BIT("paged-lion-8bit"),
  ADEMAMIX("ademamix"),
  ADEMAMIX_8BIT("ademamix-8bit"),
  PAGED_ADEMAMIX("paged-ademamix"),
  PAGED_ADEMAMIX_8BIT("paged-ademamix-8bit"),
  RMSPROP("rmsprop"),
  RMSPROP_8BIT("rmsprop-8bit"),
  ADAGRAD("adagrad"),
  SGD("sgd"),
  MUON("muon"),
  GALORE("galore"),
  APOLLO("apollo"),
  BADAM("badam"),
  LOMO("lomo"),
  ADALOMO("adalomo"),
  ADAM_MINI("adam-mini"),
  STABLE_ADAMW("stable-adamw"),
  SCHEDULE_FREE_ADAMW("schedule-free-adamw"),
  SCHEDULE_FREE_RADAM("schedule-free-radam"),
  SCHEDULE_FREE_SGD("schedule-free-sgd"),
  FLASH_ADAMW("flash-adamw"),
  ADAMW_CPU("adamw-cpu"),
  NONE("none");

  private final String label;

  OptimizerName(String label) {
    this.label = label;
  }

  /** Whether its states and temporaries are described. */
  public boolean isModelled() {
    return switch (this) {
      case ADAMW_CPU -> false;
      default -> true;
    };
  }

  /**
   * Whose code has the update rule, the usual one first (torch/optim, bitsandbytes/optim,
   * torchao/optim, apex/optimizers, deepspeed/ops): any other has no such optimizer.
   */
  public List<OptimizerImplementation> implementations() {
    return switch (this) {
      case ADAMW, BADAM -> List.of(FOREACH, FUSED, FOR_LOOP, BITSANDBYTES, DEEPSPEED, APEX);
      case ADAMW_8BIT -> List.of(BITSANDBYTES, TORCHAO);
      case ADAMW_4BIT -> List.of(TORCHAO);
      case PAGED_ADAMW, PAGED_ADAMW_8BIT, LION_8BIT, PAGED_LION, PAGED_LION_8BIT ->
          List.of(BITSANDBYTES);
      case ADEMAMIX, ADEMAMIX_8BIT, PAGED_ADEMAMIX, PAGED_ADEMAMIX_8BIT, RMSPROP_8BIT ->
          List.of(BITSANDBYTES);
      // lion_pytorch has a loop over parameters.
      case LION -> List.of(BITSANDBYTES, DEEPSPEED, FOR_LOOP);
      case RMSPROP -> List.of(FOREACH, FOR_LOOP, BITSANDBYTES);
      case ADAGRAD -> List.of(FOREACH, FOR_LOOP, FUSED, BITSANDBYTES);
      case SGD -> List.of(FOREACH, FUSED, FOR_LOOP, MOMENTUM, APEX);
      case SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_RADAM, SCHEDULE_FREE_SGD ->
          List.of(FOREACH, FOR_LOOP);
      // Kernels in Triton, where they take the parameters (optimi/utils.py _default_to_triton).
      case FLASH_ADAMW, STABLE_ADAMW -> List.of(FUSED);
      // galore_torch/adamw8bit.py is bitsandbytes' on projected gradients.
      case GALORE -> List.of(FOR_LOOP, BITSANDBYTES);
      // Written as a Python loop over parameters wherever they exist.
      case ADAFACTOR, MUON, NONE, APOLLO, LOMO, ADALOMO, ADAM_MINI, ADAMW_CPU -> List.of(FOR_LOOP);
    };
  }

  /** Whether it trains one layer at a time, and the others wait for their turn frozen. */
  public boolean isBlockwise() {
    return this == BADAM;
  }

  /** Whether it knows no update but that inside the backward pass. */
  public boolean stepsInBackward() {
    return this == LOMO || this == ADALOMO;
  }

  /** Whether large states are in managed memory (bitsandbytes), which moves them as it needs. */
  public boolean isPaged() {
    return switch (this) {
      case PAGED_ADAMW, PAGED_ADAMW_8BIT, PAGED_LION, PAGED_LION_8BIT -> true;
      case PAGED_ADEMAMIX, PAGED_ADEMAMIX_8BIT -> true;
      default -> false;
    };
  }

  /** Whether its update is described where each GPU has whole parameters, and nowhere else. */
  public boolean needsWholeParameters() {
    return switch (this) {
      case ADAM_MINI, ADAGRAD, RMSPROP, STABLE_ADAMW, SCHEDULE_FREE_RADAM, SCHEDULE_FREE_SGD ->
          true;
      default -> false;
    };
  }

  /** What a description of its states and temporaries says where there is none. */
  public IllegalStateException notModelled() {
    return new IllegalStateException("optimizer " + label + " is not modelled");
  }

  @Override
  public String label() {
    return label;
  }
}
