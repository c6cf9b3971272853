package dev.vramcast.core.job.code;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The facts about a framework's code while its rules state them; a later rule wins. */
public final class CodeFacts {

  /** By the names of their keys. */
  private final Map<String, CodeFact> facts = new LinkedHashMap<>();

  /**
   * States one.
   *
   * @param place the framework and the file, with the function where one decides
   */
  public <T> void state(CodeKey<T> key, T value, String place) {
    facts.put(key.name(), new CodeFact(key.name(), value, place));
  }

  @SuppressWarnings("unchecked")
  private <T> T get(CodeKey<T> key) {
    CodeFact fact = facts.get(key.name());
    return fact == null ? key.absent() : (T) fact.value();
  }

  public FrameworkCode code() {
    return new FrameworkCode(
        get(CodeKey.MODELS),
        get(CodeKey.STAGES),
        attention(),
        layers(),
        loss(),
        loop(),
        evaluation(),
        saving(),
        spread(),
        kernels(),
        List.copyOf(facts.values()));
  }

  private AttentionCode attention() {
    return new AttentionCode(
        get(CodeKey.EXPANDS_HEADS),
        get(CodeKey.FUSED_PROJECTION),
        get(CodeKey.CONCATENATES_ROTARY),
        get(CodeKey.ROTATES_APART),
        get(CodeKey.MASKS_SDPA),
        get(CodeKey.MASKS_GROUPS),
        get(CodeKey.LAYER_TABLES),
        get(CodeKey.KEEPS_CUDNN),
        get(CodeKey.RING),
        get(CodeKey.ULYSSES));
  }

  private LayerCode layers() {
    return new LayerCode(
        get(CodeKey.TORCH_NORM),
        get(CodeKey.TANH_GELU),
        get(CodeKey.GROUPS_EXPERTS),
        get(CodeKey.QUANTISES_EXPERTS),
        get(CodeKey.QUANTISES_EXPERTS_ON_REQUEST),
        get(CodeKey.CHECKPOINTS_PARTS),
        get(CodeKey.KEEPS_EMBEDDINGS),
        get(CodeKey.WHOLE_ADAPTERS),
        get(CodeKey.CHECKPOINTS_TRAINED),
        get(CodeKey.NAMES_LINEARS),
        get(CodeKey.NAMES_BY_CLASS),
        get(CodeKey.DROPS_BESIDE_EXPERTS),
        get(CodeKey.GATHERS_RECURRENT),
        get(CodeKey.FAKE_QUANTISER),
        get(CodeKey.ADAPTED_QUANTISER),
        get(CodeKey.SPARES_COPIES),
        get(CodeKey.LOADS_DYNAMIC_COPIES),
        get(CodeKey.WHOLE_EMBEDDING),
        get(CodeKey.TILED_MLP),
        get(CodeKey.KEPT_MODULES));
  }

  private LossCode loss() {
    return new LossCode(
        get(CodeKey.LOSS_CHUNKS),
        get(CodeKey.OUTPUT_DTYPE),
        get(CodeKey.WIDENS_LOGITS),
        get(CodeKey.LOSS_IN_LOOP),
        get(CodeKey.SHIFTS_LOGITS),
        get(CodeKey.COMPILES_LOSS),
        get(CodeKey.SPLITS_VOCABULARY),
        get(CodeKey.PARALLEL_LOSS),
        get(CodeKey.COPIES_LOGITS),
        get(CodeKey.COMPILES_SHARES),
        get(CodeKey.LIGER),
        get(CodeKey.FUSED_LOSS),
        get(CodeKey.REWRITES_LOSS),
        get(CodeKey.LOGS_ENTROPY),
        get(CodeKey.SMOOTHS_APART));
  }

  private LoopCode loop() {
    return new LoopCode(
        get(CodeKey.KEPT_OUTPUTS),
        get(CodeKey.KEEPS_CACHE),
        get(CodeKey.FORBIDS_CACHE),
        get(CodeKey.DIFFERENTIABLE_INPUTS),
        get(CodeKey.AUTOCASTS_UNDER_FSDP),
        get(CodeKey.AUTOCASTS_UNDER_FSDP2),
        get(CodeKey.WIDENS_TRAINED),
        get(CodeKey.NARROWS_PREPARED),
        get(CodeKey.FETCHES_STEP),
        get(CodeKey.TRAINS_PAIRS));
  }

  private LoopCode.Evaluation evaluation() {
    return new LoopCode.Evaluation(
        get(CodeKey.EVALUATION_LOOP),
        get(CodeKey.EVALUATION_KEEPS_CACHE),
        get(CodeKey.EVALUATION_LIGER_LOGITS),
        get(CodeKey.EVALUATION_WHOLE_LOSS),
        get(CodeKey.EVALUATION_LOGITS_PASS));
  }

  private SaveCode saving() {
    return new SaveCode(
        get(CodeKey.SAVE_WRITER),
        get(CodeKey.SAVE_INTERVAL),
        get(CodeKey.CHECKPOINTS_KEPT),
        get(CodeKey.SAVES_STATES),
        get(CodeKey.SAVED_FSDP1),
        get(CodeKey.SAVED_FSDP2),
        get(CodeKey.GATHERS_ZERO3),
        get(CodeKey.MERGES));
  }

  private SpreadCode spread() {
    return new SpreadCode(
        get(CodeKey.STRATEGIES),
        get(CodeKey.ADAPTER_UNITS),
        get(CodeKey.SHARDS_CHECKPOINTS),
        get(CodeKey.ZERO),
        get(CodeKey.OVERLAPS_FIRST),
        get(CodeKey.EARLY_BUCKETS),
        get(CodeKey.REDUCES_EACH),
        get(CodeKey.FLAT_REDUCES_EACH),
        get(CodeKey.OFFLOADS_BETWEEN),
        get(CodeKey.SWAPS_STATES),
        get(CodeKey.SHARDS_INT8),
        get(CodeKey.COPIES_ITSELF),
        get(CodeKey.WARMS_UP_HALF),
        get(CodeKey.WIDENS_SHARDS),
        get(CodeKey.WIDENS_FSDP2),
        new SpreadCode.Stages(get(CodeKey.END_LAYERS), get(CodeKey.RETURNS_STAGE_OUTPUTS)),
        new SpreadCode.Loading(
            get(CodeKey.LOADS_ALONE),
            get(CodeKey.LOADS_COPIES),
            get(CodeKey.LOADS_SHARDS),
            get(CodeKey.ZEROES_SHARDS)));
  }

  private KernelCode kernels() {
    return new KernelCode(
        get(CodeKey.STACK),
        get(CodeKey.MEGATRON_CORE),
        get(CodeKey.TRITON_ATTENTION),
        get(CodeKey.CUDNN_ATTENTION),
        get(CodeKey.FUSED_DEQUANTISING));
  }
}
