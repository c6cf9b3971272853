package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Balance;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.ExpertNames;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.Optional;
import java.util.Set;

/** A mixture of experts with Qwen's module names; each family changes what differs. */
public final class MoeBuilder {

  /** Names of an expert's projections in most families. */
  public static final Set<String> PROJECTIONS = Set.of("gate_proj", "up_proj", "down_proj");

  private static final int MAX_EXPERTS = 1 << 16;

  private final ModelConfig config;
  private final long hidden;
  private long expertHidden;
  private final int experts;
  private final int topK;
  private final long intermediate;
  private String block = "mlp";
  private String router = "mlp.gate";
  private boolean routerBias;
  private Scoring scoring = Scoring.SOFTMAX;
  private boolean gated = true;
  private boolean expertBias;
  private Activation activation = Activation.SILU;
  private String gate = "gate_proj";
  private String up = "up_proj";
  private String down = "down_proj";
  private boolean alwaysFused;
  private Optional<GatedMlp> shared = Optional.empty();
  private Optional<Linear> sharedGate = Optional.empty();
  private long tableRows;
  private boolean normalised = true;
  private Balance balance = Balance.NONE;

  /** Reads and checks the number of experts and how many of them a token visits. */
  public MoeBuilder(
      ModelConfig config, long hidden, long intermediate, String expertsKey, String topKKey) {
    this(config, hidden, intermediate, expertsKey, config.size(topKKey));
  }

  public MoeBuilder(
      ModelConfig config, long hidden, long intermediate, String expertsKey, long topK) {
    long count = config.size(expertsKey);
    if (count > MAX_EXPERTS) {
      throw config.about(expertsKey).is(count).allowed("at most ", MAX_EXPERTS).refusal();
    }
    if (topK > count) {
      throw config
          .about(expertsKey)
          .is(count)
          .and(", but a token takes ", topK)
          .allowed("as many or more")
          .refusal();
    }
    this.config = config;
    this.hidden = hidden;
    this.expertHidden = hidden;
    this.experts = (int) count;
    this.topK = (int) topK;
    this.intermediate = intermediate;
  }

  /**
   * Experts beside one that is always added, by the usual keys.
   *
   * @param path of the one below the layer
   * @param width of the one where the config says none
   * @param topK experts of a token where the config says none
   */
  public static MoeBuilder besideShared(
      ModelConfig config, Shape shape, String path, long width, long topK) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long shared = config.size("shared_expert_intermediate_size", width);
    return new MoeBuilder(
            config,
            shape.hidden(),
            config.size("moe_intermediate_size", 512),
            "num_experts",
            config.size("num_experts_per_tok", topK))
        .activation(activation)
        .shared(Mlps.gated(path, shape.hidden(), shared, false, activation));
  }

  /** Path below the layer of a block whose router is called {@code gate}. */
  public MoeBuilder block(String block) {
    this.block = block;
    this.router = block + ".gate";
    return this;
  }

  /** Input and output features of the experts where they are not the hidden size. */
  public MoeBuilder expertHidden(long size) {
    this.expertHidden = size;
    return this;
  }

  /** Path of the router below the layer. */
  public MoeBuilder router(String router, boolean bias) {
    this.router = router;
    this.routerBias = bias;
    return this;
  }

  public MoeBuilder scoring(Scoring scoring) {
    this.scoring = scoring;
    return this;
  }

  public MoeBuilder activation(Activation activation) {
    this.activation = activation;
    return this;
  }

  /** Experts have biases. */
  public MoeBuilder expertBias() {
    this.expertBias = true;
    return this;
  }

  /** Experts are modules of their own with these projections. */
  public MoeBuilder names(String gate, String up, String down) {
    this.gate = gate;
    this.up = up;
    this.down = down;
    return this;
  }

  /** Experts have no gate. */
  public MoeBuilder ungated(String up, String down) {
    this.gated = false;
    return names(up, up, down);
  }

  /** One tensor holds gate and up of all experts, another down. */
  public MoeBuilder fused(String gateUp, String down) {
    return fused(gateUp, gateUp, down);
  }

  public MoeBuilder fused(String gate, String up, String down) {
    this.alwaysFused = true;
    return names(gate, up, down);
  }

  public MoeBuilder shared(GatedMlp shared) {
    this.shared = Optional.of(shared);
    return this;
  }

  /** Experts of the routed size that every token visits, as a single MLP; none for 0. */
  public MoeBuilder sharedExperts(long count, boolean bias) {
    return count == 0
        ? this
        : shared(
            Mlps.gated(block + ".shared_experts", hidden, count * intermediate, bias, activation));
  }

  /** A score that scales the shared MLP's output. */
  public MoeBuilder sharedGate(String name) {
    this.sharedGate = Optional.of(new Linear(block + "." + name, hidden, 1, false));
    return this;
  }

  /** Each of so many tokens has its experts in a table. */
  public MoeBuilder chosenByTable(long rows) {
    this.tableRows = rows;
    return this;
  }

  /**
   * The config's class has {@code output_router_logits} and a weight of the loss that balances
   * experts, which is not 0 where nothing is said (configuration_*.py).
   */
  public MoeBuilder balanced() {
    boolean weighed = config.number("router_aux_loss_coef", 1) != 0;
    this.balance = weighed ? Balance.WEIGHED : Balance.UNWEIGHED;
    return this;
  }

  /** The weights of a token's experts are divided by their sum only where the config asks. */
  public MoeBuilder normalisedWhereAsked() {
    this.normalised = config.flag("norm_topk_prob", false);
    return this;
  }

  public MixtureOfExperts build() {
    return MixtureOfExperts.builder()
        .router(new Linear(router, hidden, experts, routerBias))
        .scoring(scoring)
        .experts(experts)
        .topK(topK)
        .hiddenSize(expertHidden)
        .intermediateSize(intermediate)
        .gated(gated)
        .expertBias(expertBias)
        .activation(activation)
        .names(new ExpertNames(block, gate, up, down, alwaysFused))
        .shared(shared)
        .sharedGate(sharedGate)
        .tableRows(tableRows)
        .normalised(normalised)
        .balance(balance)
        .build();
  }
}
