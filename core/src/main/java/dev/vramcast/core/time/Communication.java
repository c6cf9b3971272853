package dev.vramcast.core.time;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.time.rate.Exchange;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.OptimizerTraffic;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;
import dev.vramcast.core.time.work.Trained;
import dev.vramcast.core.units.DataType;

/** What the GPUs of a job send each other and their host. */
final class Communication {

  /** Bytes of an activation, and of a gradient on its way. */
  private static final double HALF = 2;

  private final ModelWork work;
  private final ResolvedJob job;
  private final Parallelism parallelism;
  private final Layout layout;
  private final Links links;
  private final Trained trained;
  private final Passes passes;

  private Communication(
      ModelWork work, ResolvedJob job, Layout layout, Links links, Trained trained, Passes passes) {
    this.passes = passes;
    this.work = work;
    this.job = job;
    this.parallelism = job.parallelism();
    this.layout = layout;
    this.links = links;
    this.trained = trained;
  }

  static Exchange of(
      ModelWork work, ResolvedJob job, Layout layout, Links links, Trained trained, Passes passes) {
    Communication all = new Communication(work, job, layout, links, trained, passes);
    return all.dataParallel()
        .plus(all.tensorParallel())
        .plus(all.contextParallel())
        .plus(all.expertParallel())
        .plus(all.offloaded());
  }

  /**
   * Bytes that data-parallel ranks exchange.
   *
   * @param gathers times that weights are gathered in a micro-step; 0 when every rank has them
   * @param weightBytes of a gathered weight
   * @param weights of the layers that are gathered
   * @param gradientBytes of a gradient on its way
   * @param gradients that are reduced
   * @param ranks that exchange them
   */
  record Bytes(
      double gathers,
      double weightBytes,
      double weights,
      double gradientBytes,
      double gradients,
      double ranks) {

    /** Each micro-step: weights are gathered, and gradients left where they belong. */
    double sharded() {
      return (gathers * weightBytes * weights + gradientBytes * gradients) * remote();
    }

    /** Each optimizer step: gradients there and back, as a ring reduces them. */
    double replicated() {
      return 2 * gradientBytes * gradients * remote();
    }

    /** Share of what a rank needs that others have. */
    private double remote() {
      return (ranks - 1) / ranks;
    }
  }

  private Exchange dataParallel() {
    if (layout.dataParallel() == 1) {
      return Exchange.NONE;
    }
    return switch (parallelism.strategy()) {
      case FSDP1, FSDP2, ZERO3 -> sharded();
      case NONE, DDP, ZERO1, MEGATRON -> new Exchange(0, reduction() / ring(), 0, links.overlap());
      // Gradients are divided as they come, in every micro-step (DeepSpeed, stage_1_and_2.py).
      case ZERO2 -> halves(reduction() / ring());
    };
  }

  private Exchange halves(double seconds) {
    return new Exchange(seconds / 2, seconds / 2, 0, links.overlap());
  }

  private double reduction() {
    int ranks = layout.dataParallel();
    Bytes dense = new Bytes(0, 0, 0, HALF, trained.dense(), ranks);
    Bytes experts = new Bytes(0, 0, 0, HALF, trained.experts(), expertRanks(ranks));
    return dense.replicated() + experts.replicated() / parallelism.expert();
  }

  /** Along shards, and where shards have copies, between the copies of a shard. */
  private Exchange sharded() {
    int shards = Math.max(1, Math.min(parallelism.shard(), layout.dataParallel()));
    boolean reshards =
        parallelism.strategy() == Strategy.ZERO3 || parallelism.reshardAfterForward();
    double gathers = (reshards ? 2 : 1) + passes.forwards();
    double weightBytes = job.quantization().scheme().bytes(job.computeDtype());
    double dense =
        new Bytes(
                gathers,
                weightBytes,
                work.stored() - work.experts(),
                reduced(),
                trained.dense(),
                shards)
            .sharded();
    double experts =
        new Bytes(
                    gathers,
                    weightBytes,
                    work.experts(),
                    reduced(),
                    trained.experts(),
                    expertRanks(shards))
                .sharded()
            / parallelism.expert();
    boolean crosses = shards * rankWidth() * layout.machines() > layout.gpus();
    Exchange inner =
        new Exchange((dense + experts) / links.ring(crosses, rankWidth()), 0, 0, links.overlap());
    return inner.plus(copies(shards));
  }

  /** FSDP reduces in a dtype of its own, DeepSpeed in that of compute. */
  private double reduced() {
    boolean zero = parallelism.strategy() == Strategy.ZERO3;
    return zero ? job.computeDtype().bytes() : parallelism.reduceDtype().bytes();
  }

  private Exchange copies(int shards) {
    double gradients = (trained.dense() + trained.experts()) / shards;
    double bytes = new Bytes(0, 0, 0, reduced(), gradients, parallelism.replicate()).replicated();
    return new Exchange(bytes / ring(), 0, 0, links.overlap());
  }

  /** Ranks that hold the same experts. */
  private double expertRanks(int ranks) {
    return Math.max(1, (double) ranks / parallelism.expert());
  }

  private double ring() {
    return links.ring(layout.machines() > 1, rankWidth());
  }

  private int rankWidth() {
    return layout.degrees().stageWidth();
  }

  /** Four all-reduces of the activations a layer, two more for every forward pass beside. */
  private Exchange tensorParallel() {
    if (layout.degrees().tensor() == 1) {
      return Exchange.NONE;
    }
    double reductions = work.layers() * (4 + 2 * passes.again());
    double bytes = 2 * HALF * work.hidden() * (layout.degrees().tensor() - 1);
    return new Exchange(
        0, 0, layout.exposedTensor() * reductions * bytes / links.alone(), links.overlap());
  }

  /**
   * Tokens to their experts and back, forward and backward, as often as they visit one
   * (megatron/core/transformer/moe/token_dispatcher.py, all-to-all). Ranks of experts are
   * neighbours, whatever else divides a layer (megatron/core/parallel_state.py).
   */
  private Exchange expertParallel() {
    int ranks = parallelism.expert();
    if (ranks == 1) {
      return Exchange.NONE;
    }
    double sent = 2 * HALF * work.shapes().routed().hidden() * (ranks - 1) / ranks;
    double seconds = sent * (2 + passes.again()) / links.alone();
    return new Exchange(0, 0, seconds, links.overlap()).plus(betweenMachines(ranks));
  }

  /**
   * To another machine a token goes once, whatever it visits there (deepseek-ai/DeepEP,
   * csrc/kernels/internode.cu), beside the products of others (megatron/training/arguments.py,
   * --overlap-moe-expert-parallel-comm).
   */
  private Exchange betweenMachines(int ranks) {
    double machines = (double) ranks * layout.machines() / layout.gpus();
    if (machines <= 1) {
      return Exchange.NONE;
    }
    double residual = work.layers() * work.hidden();
    double visited = work.shapes().routed().hidden() / residual;
    double reached = machines * (1 - Math.pow(1 - 1 / machines, visited));
    double sent = 2 * HALF * residual * reached * (machines - 1) / machines;
    double seconds = sent * (2 + passes.again()) / links.among(Integer.MAX_VALUE);
    return new Exchange(seconds * job.batch().tokens(), 0, 0, links.overlap());
  }

  /**
   * Of a sequence that ranks divide: Ulysses passes queries, keys, values and results to the rank
   * of their heads and back (deepspeed/sequence/layer.py), others gather all keys and values
   * (torch/distributed/tensor/experimental/_attention.py), and nothing runs beside either. In a
   * ring the next keys and values travel while attention runs
   * (transformer_engine/pytorch/attention/dot_product_attention/context_parallel.py).
   */
  private Exchange contextParallel() {
    int ranks = layout.degrees().context();
    if (ranks == 1) {
      return Exchange.NONE;
    }
    double around = (3 + passes.again()) * HALF * work.keys() * (ranks - 1);
    double passed =
        (2 + passes.again()) * HALF * (2 * work.queries() + work.keys()) * (ranks - 1) / ranks;
    double link = links.among(rankWidth());
    return switch (parallelism.sequenceScheme()) {
      case RING -> new Exchange(around / link * job.batch().tokens(), 0, 0, links.overlap());
      case ALLGATHER -> new Exchange(0, 0, around / link, links.overlap());
      case ULYSSES -> new Exchange(0, 0, passed / link, links.overlap());
    };
  }

  /** What is kept in host memory passes PCIe. */
  private Exchange offloaded() {
    boolean activations =
        keepsOnHost(OffloadTarget.ACTIVATIONS) || job.checkpointing() == Checkpointing.OFFLOADED;
    if (!activations && parallelism.offload().isEmpty()) {
      return Exchange.NONE;
    }
    double width = layout.modelParallel();
    double shards = (double) layout.gpus() / width;
    double optimizer = keepsOnHost(OffloadTarget.OPTIMIZER) ? exchanged() * trained.total() : 0;
    double weights =
        keepsOnHost(OffloadTarget.PARAMETERS)
            ? 2 * job.quantization().scheme().bytes(job.computeDtype()) * work.stored()
            : 0;
    double hidden =
        activations ? 2 * HALF * work.layers() * work.hidden() * job.batch().tokens() : 0;
    return new Exchange(
        (weights / shards + hidden) / links.outside().host(),
        optimizer / shards / links.outside().host(),
        0,
        links.outside().overlap());
  }

  /** Of a parameter: two fp32 moments to the GPU and back, or a gradient and the weight. */
  private double exchanged() {
    return OptimizerTraffic.swapsStates(job) ? 2 * 2 * DataType.FP32.bytes() : 2 * HALF;
  }

  private boolean keepsOnHost(OffloadTarget target) {
    return parallelism.offload().contains(target);
  }
}
