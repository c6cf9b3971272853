package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.megatron.layer.Adapters;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.LayerLoader;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.megatron.layer.Rows;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.units.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Small models on Megatron for tests: hidden size 1024, one sequence of 512 tokens. */
public final class Stages {

  public static final long TOKENS = 512;

  private Stages() {}

  /** A Llama with 8 heads, 2 key and value heads, 2816 features and a vocabulary of 8192. */
  public static Architecture llama(int layers) {
    return model("llama", Map.of("num_hidden_layers", layers));
  }

  /** Layers of 8 experts of 256 features, of which a token visits 2. */
  public static Architecture mixture() {
    return model(
        "qwen3_moe",
        Map.of("num_experts", 8, "num_experts_per_tok", 2, "moe_intermediate_size", 256));
  }

  static Architecture model(String type, Map<String, Object> keys) {
    return Families.read(new ModelConfig("config.json", config(type, keys)));
  }

  static Map<String, Object> config(String type, Map<String, Object> keys) {
    Map<String, Object> values = new HashMap<>();
    values.put("model_type", type);
    values.put("vocab_size", 8192);
    values.put("hidden_size", 1024);
    values.put("intermediate_size", 2816);
    values.put("num_hidden_layers", 2);
    values.put("num_attention_heads", 8);
    values.put("num_key_value_heads", 2);
    values.put("head_dim", 128);
    values.put("max_position_embeddings", 2048);
    values.put("hidden_act", "silu");
    values.put("tie_word_embeddings", false);
    values.putAll(keys);
    return values;
  }

  static ResolvedJob job(String flags) {
    JobDocument usual = Jobs.of("--framework megatron --sequence-length 512");
    return JobResolver.resolve(Jobs.with(usual, flags)).job();
  }

  static Division division(String flags) {
    return Division.of(job(flags).parallelism());
  }

  public static List<MegatronRanks.Rank> ranks(Architecture model, String flags) {
    return ranks(model, job(flags));
  }

  static List<MegatronRanks.Rank> ranks(Architecture model, ResolvedJob job) {
    return MegatronRanks.of(
        model,
        job,
        RunPlan.of(job).episodes(),
        linear -> true,
        new Workspaces(0, 0),
        OptionalLong.empty());
  }

  static AllocationTrace trace(Architecture model, String flags, int stage) {
    return ranks(model, flags).get(stage).traces().device();
  }

  public static TraceReading read(Architecture model, String flags, int stage) {
    return TraceReading.of(trace(model, flags, stage));
  }

  /** Bytes that the forward pass of the first layer leaves for its backward pass. */
  public static long savedByOneLayer(Architecture model, String flags) {
    return saved(model, flags, 1);
  }

  /** Bytes that the forward pass of the first so many layers leaves for their backward pass. */
  public static long saved(Architecture model, String flags, int layers) {
    ResolvedJob job = job(flags);
    Division division = Division.of(job.parallelism());
    Rows rows = Rows.of(job, division);
    Graph graph = new Graph();
    ParameterBuffers buffers = new ParameterBuffers(graph, job, division, true);
    double imbalance = job.parallelism().expertImbalance();
    Adapters adapters =
        new Adapters(
            job.adapter(), linear -> true, job.frameworkCode().is(LayerCode.WHOLE_ADAPTERS));
    LayerLoader loader =
        new LayerLoader(
            graph,
            buffers,
            rows,
            division,
            adapters,
            imbalance,
            job.frameworkCode(),
            job.linears());
    List<LayerRun> first = LayerRun.part(model.layers(), 0, layers);
    var loaded = loader.load(first, job.checkpointPlacement());
    boolean recomputes = job.checkpointing() == Checkpointing.FULL;
    graph.phase(Phase.FORWARD_LAYERS);
    Tensor hidden =
        graph.allocate(
            "hidden states",
            Category.ACTIVATIONS,
            rows.share() * model.hiddenSize(),
            DataType.BF16);
    graph.release(new Passes(graph, recomputes, 1).forward(loaded, hidden));
    return TraceReading.of(graph.finish().device()).phaseEnds().get(Phase.FORWARD_LAYERS);
  }
}
