package dev.vramcast.core.job.code;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Strategy;
import java.util.List;
import java.util.Set;

/**
 * A fact that the rules of a framework state about its code. What it means stands at the component
 * of the record that its name begins with: {@code attention} is {@link AttentionCode}, {@code
 * layers} {@link LayerCode}, and so on.
 *
 * @param name for people
 * @param absent what holds where no rule states it
 */
public record CodeKey<T>(String name, T absent) {

  public static final CodeKey<FrameworkCode.Models> MODELS =
      new CodeKey<>("models", FrameworkCode.Models.TRANSFORMERS);

  public static final CodeKey<StageCode> STAGES = new CodeKey<>("stages", StageCode.UNKNOWN);

  public static final CodeKey<Boolean> EXPANDS_HEADS =
      new CodeKey<>("attention.expands_heads", false);
  public static final CodeKey<Boolean> FUSED_PROJECTION =
      new CodeKey<>("attention.fused_projection", false);
  public static final CodeKey<Boolean> CONCATENATES_ROTARY =
      new CodeKey<>("attention.concatenates_rotary", false);
  public static final CodeKey<Boolean> MASKS_SDPA = new CodeKey<>("attention.masks_sdpa", true);
  public static final CodeKey<Boolean> MASKS_GROUPS =
      new CodeKey<>("attention.masks_groups", false);
  public static final CodeKey<Long> LAYER_TABLES = new CodeKey<>("attention.layer_tables", 0L);
  public static final CodeKey<Boolean> KEEPS_CUDNN = new CodeKey<>("attention.keeps_cudnn", true);

  public static final CodeKey<AttentionCode.Ring> RING =
      new CodeKey<>("attention.ring", AttentionCode.Ring.TORCH);
  public static final CodeKey<AttentionCode.Ulysses> ULYSSES =
      new CodeKey<>("attention.ulysses", AttentionCode.Ulysses.DEEPSPEED);

  public static final CodeKey<Boolean> ROTATES_APART =
      new CodeKey<>("attention.rotates_apart", false);

  public static final CodeKey<Boolean> TORCH_NORM = new CodeKey<>("layers.torch_norm", false);
  public static final CodeKey<Boolean> TANH_GELU = new CodeKey<>("layers.tanh_gelu", false);
  public static final CodeKey<Boolean> GROUPS_EXPERTS =
      new CodeKey<>("layers.groups_experts", false);
  public static final CodeKey<Boolean> QUANTISES_EXPERTS =
      new CodeKey<>("layers.quantises_experts", false);
  public static final CodeKey<Boolean> QUANTISES_EXPERTS_ON_REQUEST =
      new CodeKey<>("layers.quantises_experts_on_request", false);
  public static final CodeKey<Boolean> CHECKPOINTS_PARTS =
      new CodeKey<>("layers.checkpoints_parts", false);
  public static final CodeKey<Boolean> KEEPS_EMBEDDINGS =
      new CodeKey<>("layers.keeps_embeddings", true);

  public static final CodeKey<Boolean> WHOLE_ADAPTERS =
      new CodeKey<>("layers.whole_adapters", false);
  public static final CodeKey<Boolean> NAMES_BY_CLASS =
      new CodeKey<>("layers.names_by_class", false);
  public static final CodeKey<Boolean> CHECKPOINTS_TRAINED =
      new CodeKey<>("layers.checkpoints_trained", false);
  public static final CodeKey<Boolean> NAMES_LINEARS = new CodeKey<>("layers.names_linears", false);
  public static final CodeKey<Boolean> DROPS_BESIDE_EXPERTS =
      new CodeKey<>("layers.drops_beside_experts", false);
  public static final CodeKey<Boolean> GATHERS_RECURRENT =
      new CodeKey<>("layers.gathers_recurrent", false);
  public static final CodeKey<LayerCode.FakeQuantiser> FAKE_QUANTISER =
      new CodeKey<>("layers.fake_quantiser", LayerCode.FakeQuantiser.NONE);
  public static final CodeKey<LayerCode.FakeQuantiser> ADAPTED_QUANTISER =
      new CodeKey<>("layers.adapted_quantiser", LayerCode.FakeQuantiser.NONE);
  public static final CodeKey<Boolean> WHOLE_EMBEDDING =
      new CodeKey<>("layers.whole_embedding", false);
  public static final CodeKey<Boolean> SPARES_COPIES = new CodeKey<>("layers.spares_copies", false);
  public static final CodeKey<Boolean> LOADS_DYNAMIC_COPIES =
      new CodeKey<>("layers.loads_dynamic_copies", false);
  public static final CodeKey<List<String>> KEPT_MODULES =
      new CodeKey<>("layers.kept_modules", List.of());

  public static final CodeKey<LayerCode.TiledMlp> TILED_MLP =
      new CodeKey<>("layers.tiled_mlp", LayerCode.TiledMlp.NONE);

  public static final CodeKey<LossChunks> LOSS_CHUNKS =
      new CodeKey<>(
          "loss.chunks", new LossChunks.OfOutputs(8, "The loss takes 8 chunks, as torchtune's."));
  public static final CodeKey<OutputDtype> OUTPUT_DTYPE =
      new CodeKey<>("loss.outputs", OutputDtype.FP32_UNDER_AUTOCAST);
  public static final CodeKey<Boolean> WIDENS_LOGITS = new CodeKey<>("loss.widens_logits", true);
  public static final CodeKey<Boolean> LOSS_IN_LOOP = new CodeKey<>("loss.in_loop", false);
  public static final CodeKey<Boolean> SHIFTS_LOGITS = new CodeKey<>("loss.shifts_logits", false);
  public static final CodeKey<Boolean> COMPILES_LOSS = new CodeKey<>("loss.compiles", false);
  public static final CodeKey<Boolean> SPLITS_VOCABULARY =
      new CodeKey<>("loss.splits_vocabulary", false);
  public static final CodeKey<Boolean> PARALLEL_LOSS = new CodeKey<>("loss.parallel", false);
  public static final CodeKey<Boolean> COPIES_LOGITS = new CodeKey<>("loss.copies_logits", false);
  public static final CodeKey<Boolean> COMPILES_SHARES =
      new CodeKey<>("loss.compiles_shares", false);
  public static final CodeKey<Boolean> LIGER = new CodeKey<>("loss.liger_reaches", false);
  public static final CodeKey<LossKernel> FUSED_LOSS = new CodeKey<>("loss.fused", LossKernel.FULL);
  public static final CodeKey<Boolean> REWRITES_LOSS = new CodeKey<>("loss.rewrites", false);
  public static final CodeKey<Boolean> LOGS_ENTROPY = new CodeKey<>("loss.logs_entropy", false);
  public static final CodeKey<Boolean> SMOOTHS_APART = new CodeKey<>("loss.smooths_apart", false);

  public static final CodeKey<KeptOutputs> KEPT_OUTPUTS =
      new CodeKey<>("loop.outputs", KeptOutputs.UNTIL_LOSS);
  public static final CodeKey<Boolean> KEEPS_CACHE = new CodeKey<>("loop.keeps_cache", false);
  public static final CodeKey<Boolean> FORBIDS_CACHE = new CodeKey<>("loop.forbids_cache", false);
  public static final CodeKey<Boolean> DIFFERENTIABLE_INPUTS =
      new CodeKey<>("loop.differentiable_inputs", true);
  public static final CodeKey<Boolean> AUTOCASTS_UNDER_FSDP =
      new CodeKey<>("loop.autocasts_under_fsdp", true);
  public static final CodeKey<Boolean> AUTOCASTS_UNDER_FSDP2 =
      new CodeKey<>("loop.autocasts_under_fsdp2", true);
  public static final CodeKey<Boolean> WIDENS_TRAINED = new CodeKey<>("loop.widens_trained", false);
  public static final CodeKey<Set<Stage>> NARROWS_PREPARED =
      new CodeKey<>("loop.narrows_prepared", Set.of());

  public static final CodeKey<Boolean> FETCHES_STEP = new CodeKey<>("loop.fetches_step", false);
  public static final CodeKey<Boolean> TRAINS_PAIRS = new CodeKey<>("loop.trains_pairs", true);

  public static final CodeKey<LoopCode.EvaluationLoop> EVALUATION_LOOP =
      new CodeKey<>("evaluation.loop", LoopCode.EvaluationLoop.UNKNOWN);
  public static final CodeKey<Boolean> EVALUATION_KEEPS_CACHE =
      new CodeKey<>("evaluation.keeps_cache", false);
  public static final CodeKey<Boolean> EVALUATION_LIGER_LOGITS =
      new CodeKey<>("evaluation.liger_makes_logits", false);
  public static final CodeKey<Boolean> EVALUATION_WHOLE_LOSS =
      new CodeKey<>("evaluation.whole_loss", false);
  public static final CodeKey<Boolean> EVALUATION_LOGITS_PASS =
      new CodeKey<>("evaluation.logits_by_pass", false);

  public static final CodeKey<SaveCode.Writer> SAVE_WRITER =
      new CodeKey<>("saving.writer", SaveCode.Writer.UNKNOWN);
  public static final CodeKey<SaveCode.Interval> SAVE_INTERVAL =
      new CodeKey<>("saving.interval", new SaveCode.AtEnd());
  public static final CodeKey<SaveCode.Kept> CHECKPOINTS_KEPT =
      new CodeKey<>("saving.kept", SaveCode.Kept.ALL);
  public static final CodeKey<Boolean> SAVES_STATES = new CodeKey<>("saving.states", true);
  public static final CodeKey<SaveCode.StateDict> SAVED_FSDP1 =
      new CodeKey<>("saving.fsdp1", SaveCode.StateDict.FULL);
  public static final CodeKey<SaveCode.StateDict> SAVED_FSDP2 =
      new CodeKey<>("saving.fsdp2", SaveCode.StateDict.SHARDED);
  public static final CodeKey<MergeDevice> MERGES = new CodeKey<>("saving.merge", MergeDevice.GPU);
  public static final CodeKey<Boolean> GATHERS_ZERO3 = new CodeKey<>("saving.gathers_zero3", true);

  public static final CodeKey<List<Strategy>> STRATEGIES =
      new CodeKey<>("spread.strategies", List.of(Strategy.DDP));
  public static final CodeKey<Boolean> ADAPTER_UNITS = new CodeKey<>("spread.adapter_units", true);
  public static final CodeKey<Boolean> SHARDS_CHECKPOINTS =
      new CodeKey<>("spread.shards_checkpoints", false);
  public static final CodeKey<ZeroConfiguration> ZERO =
      new CodeKey<>("spread.zero", ZeroConfiguration.TRAINER);
  public static final CodeKey<Boolean> OVERLAPS_FIRST =
      new CodeKey<>("spread.overlaps_first", true);
  public static final CodeKey<Boolean> EARLY_BUCKETS = new CodeKey<>("spread.early_buckets", false);
  public static final CodeKey<Boolean> REDUCES_EACH = new CodeKey<>("spread.reduces_each", false);
  public static final CodeKey<Boolean> FLAT_REDUCES_EACH =
      new CodeKey<>("spread.flat_reduces_each", false);
  public static final CodeKey<Boolean> OFFLOADS_BETWEEN =
      new CodeKey<>("spread.offloads_between", false);
  public static final CodeKey<Boolean> SWAPS_STATES = new CodeKey<>("spread.swaps_states", false);
  public static final CodeKey<Boolean> SHARDS_INT8 = new CodeKey<>("spread.shards_int8", false);
  public static final CodeKey<Boolean> COPIES_ITSELF = new CodeKey<>("spread.copies_itself", false);
  public static final CodeKey<Boolean> WIDENS_SHARDS = new CodeKey<>("spread.widens_shards", false);
  public static final CodeKey<Boolean> WIDENS_FSDP2 = new CodeKey<>("spread.widens_fsdp2", true);
  public static final CodeKey<Integer> END_LAYERS = new CodeKey<>("spread.end_layers", 0);
  public static final CodeKey<Boolean> RETURNS_STAGE_OUTPUTS =
      new CodeKey<>("spread.returns_stage_outputs", true);
  public static final CodeKey<Boolean> WARMS_UP_HALF = new CodeKey<>("spread.warms_up_half", false);
  public static final CodeKey<SpreadCode.LoadPlace> LOADS_ALONE =
      new CodeKey<>("spread.loads_alone", SpreadCode.LoadPlace.HOST);
  public static final CodeKey<SpreadCode.LoadPlace> LOADS_COPIES =
      new CodeKey<>("spread.loads_copies", SpreadCode.LoadPlace.HOST);
  public static final CodeKey<SpreadCode.LoadPlace> LOADS_SHARDS =
      new CodeKey<>("spread.loads_shards", SpreadCode.LoadPlace.FIRST_RANK);
  public static final CodeKey<Boolean> ZEROES_SHARDS = new CodeKey<>("spread.zeroes_shards", false);

  public static final CodeKey<LaunchStack> STACK =
      new CodeKey<>("kernels.stack", LaunchStack.MODULES);
  public static final CodeKey<Boolean> MEGATRON_CORE =
      new CodeKey<>("kernels.megatron_core", false);
  public static final CodeKey<Boolean> TRITON_ATTENTION =
      new CodeKey<>("kernels.triton_attention", false);
  public static final CodeKey<Boolean> CUDNN_ATTENTION =
      new CodeKey<>("kernels.cudnn_attention", false);
  public static final CodeKey<Boolean> FUSED_DEQUANTISING =
      new CodeKey<>("kernels.fused_dequantising", false);
}
