package dev.vramcast.core.job.code;

import dev.vramcast.core.job.objective.Stage;
import java.util.Set;

/** What a framework's loop does about a model before and after a pass. */
public final class LoopCode {

  /** How long a model's outputs are held. */
  public static final CodeKey<KeptOutputs> OUTPUTS =
      new CodeKey<>("loop.outputs", KeptOutputs.UNTIL_LOSS);

  /** Models return keys and values of all layers, also of those that run again. */
  public static final CodeKey<Boolean> KEEPS_CACHE = new CodeKey<>("loop.keeps_cache", false);

  /**
   * Nobody forbids models a cache of keys and values in a supervised pass that trains: each makes
   * one where none of its layers runs again.
   */
  public static final CodeKey<Boolean> LEAVES_CACHE = new CodeKey<>("loop.leaves_cache", false);

  /**
   * Models are called with {@code use_cache=False}, which reaches language models inside of others
   * too.
   */
  public static final CodeKey<Boolean> FORBIDS_CACHE = new CodeKey<>("loop.forbids_cache", false);

  /**
   * Checkpointing makes the embedding's output require a gradient; else PEFT does where there are
   * adapters.
   */
  public static final CodeKey<Boolean> DIFFERENTIABLE_INPUTS =
      new CodeKey<>("loop.differentiable_inputs", true);

  /** Autocast is entered beside FSDP's mixed precision. */
  public static final CodeKey<Boolean> AUTOCASTS_UNDER_FSDP =
      new CodeKey<>("loop.autocasts_under_fsdp", true);

  /** Autocast is entered where FSDP2 alone divides the model. */
  public static final CodeKey<Boolean> AUTOCASTS_UNDER_FSDP2 =
      new CodeKey<>("loop.autocasts_under_fsdp2", true);

  /**
   * Autocast has a setting of its own, to bf16 whatever the weights are loaded in; else one setting
   * is for both.
   */
  public static final CodeKey<Boolean> AUTOCASTS_APART =
      new CodeKey<>("loop.autocasts_apart", false);

  /** accelerate prepares the model, which it puts linears in 8 bits into where it is told to. */
  public static final CodeKey<Boolean> PREPARED_BY_ACCELERATE =
      new CodeKey<>("loop.prepared_by_accelerate", false);

  /** The model's own parameters that {@code freeze} trains are made fp32 under autocast. */
  public static final CodeKey<Boolean> WIDENS_TRAINED = new CodeKey<>("loop.widens_trained", false);

  /**
   * Stages whose trainer prepares a quantised base itself, and then brings embedding and head,
   * which that made fp32, back to bf16.
   */
  public static final CodeKey<Set<Stage>> NARROWS_PREPARED =
      new CodeKey<>("loop.narrows_prepared", Set.of());

  /** All micro-batches of a step are on the GPU when it begins. */
  public static final CodeKey<Boolean> FETCHES_STEP = new CodeKey<>("loop.fetches_step", false);

  /**
   * Batches may be texts that an encoder reads beside texts that a decoder writes; else all is one
   * sequence.
   */
  public static final CodeKey<Boolean> TRAINS_PAIRS = new CodeKey<>("loop.trains_pairs", true);

  /**
   * A head over classes is that of the class which Transformers has for the model; a model without
   * one is refused.
   */
  public static final CodeKey<Boolean> HEADS_OF_CLASSES =
      new CodeKey<>("loop.heads_of_classes", true);

  private LoopCode() {}
}
