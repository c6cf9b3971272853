package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Living;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.SdpaCard;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.shard.zero.gather.ModuleTrace;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A forward pass under {@code torch.no_grad()}, as a reference model runs it. */
class PassWithoutGraphTest {

  private static final long TOKENS = 512;
  private static final long HIDDEN = 1024;
  private static final long FEATURES = 2816;
  private static final String PURE = "--method full --precision bf16 ";

  @Test
  void its_layers_need_what_one_layer_needs() {
    long hidden = TOKENS * HIDDEN * 2;
    long features = TOKENS * FEATURES * 2;
    long rotary = 2 * 256 * 64 * 2;

    // The embeddings, which the model still names; the layer's input, the residual and the
    // normalised input; gate, up and their product.
    assertThat(layers(llama(4), PURE, false)).isEqualTo(rotary + 4 * hidden + 3 * features);
    assertThat(layers(llama(16), PURE, false)).isEqualTo(layers(llama(4), PURE, false));
    assertThat(layers(llama(16), PURE, true)).isGreaterThan(3 * layers(llama(16), PURE, false));
  }

  /** transformers cohere apply_rotary_pos_emb, which names both in fp32 before it turns one. */
  @Test
  void cohere_has_query_and_key_in_fp32_beside_each_other() {
    Architecture model =
        Steps.model("cohere", Map.of("num_hidden_layers", 4, "num_key_value_heads", 16));
    long hidden = TOKENS * HIDDEN * 2;
    long rotary = 2 * 256 * 64 * 2;

    // The embeddings, the layer's input, the normalised input, query, key and value; then in fp32
    // query and key, the query's sum, and of the key one product, its halves and the other product.
    assertThat(layers(model, PURE, false)).isEqualTo(rotary + 6 * hidden + 6 * 2 * hidden);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PURE,
        "--method lora",
        "--method qlora",
        "--method lora --checkpointing full",
        "--method full --compile true",
        "--method full --attention eager",
        "--method lora --loss liger",
        "--method lora --loss chunked --framework trl",
        "--method full --loss triton",
        "--method lora --framework litgpt",
        "--method full --framework torchtitan"
      })
  void nothing_but_the_loss_stays_behind(String flags) {
    AllocationTrace trace = trace(llama(4), flags, false);

    WellFormed.check(trace);
    long loss = Living.bytes(trace) - loaded(trace);
    assertThat(loss).isBetween(512L, TOKENS * 4);
  }

  @ParameterizedTest
  @CsvSource({"mixtral, 4.57.6", "mixtral, 5.1.0", "jamba, 4.57.6", "gemma2, 5.1.0"})
  void models_of_every_kind_run_without_a_graph(String type, String transformers) {
    Architecture model = Steps.model(type, SIZES.getOrDefault(type, Map.of()));
    AllocationTrace trace = trace(model, "--method full --transformers " + transformers, false);

    WellFormed.check(trace);
    assertThat(Living.bytes(trace) - loaded(trace)).isEqualTo(512);
  }

  private static final Map<String, Map<String, Object>> SIZES =
      Map.of(
          "mixtral", Map.of("num_local_experts", 4, "num_experts_per_tok", 2),
          "jamba", Map.of("num_experts", 4, "num_experts_per_tok", 2));

  private static Architecture llama(int layers) {
    return Steps.model("llama", Map.of("num_hidden_layers", layers));
  }

  /** Bytes that the layers add to what is loaded, at their highest. */
  private static long layers(Architecture model, String flags, boolean graph) {
    AllocationTrace trace = trace(model, flags, graph);
    Phase phase = graph ? Phase.FORWARD_LAYERS : Phase.NO_GRAD_LAYERS;
    return TraceReading.of(trace).phasePeaks().get(phase) - loaded(trace);
  }

  private static long loaded(AllocationTrace trace) {
    return TraceReading.of(trace).phaseEnds().get(Phase.LOAD);
  }

  private static AllocationTrace trace(Architecture model, String flags, boolean graph) {
    Graph g = new Graph();
    g.phase(Phase.LOAD);
    ResidentModel policy = ResidentModel.POLICY;
    Resident resident =
        Resident.load(g, policy, model, Steps.job(flags), SdpaCard.UNKNOWN, new ModuleTrace());
    Tensor ids = g.allocate("inputs", Category.OTHER, TOKENS, DataType.INT64);
    LossKernel loss = resident.settings().job().loss();
    Pass pass = new Pass(policy, graph, new PassBatch(2, 256), loss);
    new PassWriter(g, resident, pass, new Inputs(ids, null, null, List.of())).forward();
    return g.finish().device();
  }
}
