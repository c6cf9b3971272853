package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Optional;

/** What a framework does about the rest of a model whatever the model. */
public final class LayerCode {

  /** Norms are {@code nn.RMSNorm} in place of code written out in Python. */
  public static final CodeKey<Boolean> TORCH_NORM = new CodeKey<>("layers.torch_norm", false);

  /** GELU's tanh approximation is PyTorch's kernel in place of code written out. */
  public static final CodeKey<Boolean> TANH_GELU = new CodeKey<>("layers.tanh_gelu", false);

  /** Every mixture runs by grouped products. */
  public static final CodeKey<Boolean> GROUPS_EXPERTS =
      new CodeKey<>("layers.groups_experts", false);

  /** Experts that Transformers stacks in one parameter are a 4-bit linear each. */
  public static final CodeKey<Boolean> QUANTISES_EXPERTS =
      new CodeKey<>("layers.quantises_experts", false);

  /** Experts in one parameter can be asked to be 4-bit, each stack as a whole. */
  public static final CodeKey<Boolean> QUANTISES_EXPERTS_ON_REQUEST =
      new CodeKey<>("layers.quantises_experts_on_request", false);

  /** Experts in one parameter train adapters while they are packed in NVFP4. */
  public static final CodeKey<Boolean> TRAINS_PACKED_EXPERTS =
      new CodeKey<>("layers.trains_packed_experts", false);

  /** Routed experts can stay in the host's memory and run there. */
  public static final CodeKey<Boolean> RUNS_EXPERTS_ON_HOST =
      new CodeKey<>("layers.runs_experts_on_host", false);

  /** Checkpoints are around norms, mixer and MLP, not around the layer. */
  public static final CodeKey<Boolean> CHECKPOINTS_PARTS =
      new CodeKey<>("layers.checkpoints_parts", false);

  /** Of so many layers with one checkpoint it is the last that has it, not the first. */
  public static final CodeKey<Boolean> CHECKPOINTS_LAST =
      new CodeKey<>("layers.checkpoints_last", false);

  /** The model names its input embeddings until it returns. */
  public static final CodeKey<Boolean> KEEPS_EMBEDDINGS =
      new CodeKey<>("layers.keeps_embeddings", true);

  /**
   * Megatron: under tensor parallelism every rank has the whole of the matrix that the frozen
   * product does not divide, and each expert has adapters of its own; else both matrices are
   * divided, and a rank's experts share theirs.
   */
  public static final CodeKey<Boolean> WHOLE_ADAPTERS =
      new CodeKey<>("layers.whole_adapters", false);

  /** A layer of which nothing is trained has no checkpoint. */
  public static final CodeKey<Boolean> CHECKPOINTS_TRAINED =
      new CodeKey<>("layers.checkpoints_trained", false);

  /**
   * PEFT gets the names of the linears that the model has in place of {@code all-linear}, so that
   * experts in one parameter are reached by no name that only they had.
   */
  public static final CodeKey<Boolean> NAMES_LINEARS = new CodeKey<>("layers.names_linears", false);

  /**
   * The linears of {@link #NAMES_LINEARS} are modules whose class is called a linear, which a
   * router that inherits from one need not be.
   */
  public static final CodeKey<Boolean> NAMES_BY_CLASS =
      new CodeKey<>("layers.names_by_class", false);

  /**
   * Adapters on experts in one parameter have no dropout where those of linears have one, which
   * PEFT itself refuses.
   */
  public static final CodeKey<Boolean> DROPS_BESIDE_EXPERTS =
      new CodeKey<>("layers.drops_beside_experts", false);

  /**
   * Megatron: under sequence parallelism the tokens of a recurrent mixer are gathered before its
   * norm, and its result is cut afterwards; else inside its products.
   */
  public static final CodeKey<Boolean> GATHERS_RECURRENT =
      new CodeKey<>("layers.gathers_recurrent", false);

  /** How quantisation-aware training rounds inputs and weights of linears. */
  public static final CodeKey<FakeQuantiser> FAKE_QUANTISER =
      new CodeKey<>("layers.fake_quantiser", FakeQuantiser.NONE);

  /** As {@link #FAKE_QUANTISER}, of linears with adapters. */
  public static final CodeKey<FakeQuantiser> ADAPTED_QUANTISER =
      new CodeKey<>("layers.adapted_quantiser", FakeQuantiser.NONE);

  /**
   * A linear with an adapter makes no copy of the base's result, and under autocast none of its
   * input in the adapter's dtype, whatever PEFT's layer for it does.
   */
  public static final CodeKey<Boolean> SPARES_COPIES = new CodeKey<>("layers.spares_copies", false);

  /**
   * A model that is to be loaded in 4 bits is replaced by a checkpoint that the framework publishes
   * beside it, some of whose modules are in 16 bits.
   */
  public static final CodeKey<Copies> DYNAMIC_COPIES =
      new CodeKey<>("layers.dynamic_copies", Copies.NONE);

  /**
   * Under tensor parallelism every rank has all words of an embedding that is not the head's table.
   */
  public static final CodeKey<Boolean> WHOLE_EMBEDDING =
      new CodeKey<>("layers.whole_embedding", false);

  /** Whose function runs an MLP on pieces of the tokens. */
  public static final CodeKey<TiledMlp> TILED_MLP =
      new CodeKey<>("layers.tiled_mlp", TiledMlp.NONE);

  /**
   * Modules that it leaves in 16 bits where bitsandbytes quantises a model with encoders as it
   * loads it, by their names.
   */
  public static final CodeKey<List<String>> KEPT_MODULES =
      new CodeKey<>("layers.kept_modules", List.of());

  /**
   * A frozen base that a repository stores by GPTQ or AWQ is held as it is stored: the loader is
   * {@code from_pretrained}. Of loaders of their own it is not known.
   */
  public static final CodeKey<Boolean> HOLDS_STORED = new CodeKey<>("layers.holds_stored", false);

  /**
   * A repository that stores its weights by GPTQ or AWQ is loaded as it is, whatever bitsandbytes
   * is told, and the framework's own kernels on such layers are not described.
   */
  public static final CodeKey<Boolean> YIELDS_TO_STORED =
      new CodeKey<>("layers.yields_to_stored", false);

  /** Weights become fp16 before bitsandbytes makes four bits of them, whatever they were. */
  public static final CodeKey<Boolean> QUANTISES_HALVES =
      new CodeKey<>("layers.quantises_halves", false);

  /** Whatever quantises a model's linears takes its head among them. */
  public static final CodeKey<Boolean> QUANTISES_HEAD =
      new CodeKey<>("layers.quantises_head", false);

  /** Megatron's MLPs with gates take two kernels between their products, not one that is fused. */
  public static final CodeKey<Boolean> GATES_APART = new CodeKey<>("layers.gates_apart", false);

  /**
   * Megatron: products that are divided by their results keep the tokens of all ranks, and norms
   * are modules of their own; else tokens are gathered anew for the backward pass.
   */
  public static final CodeKey<Boolean> KEEPS_GATHERED =
      new CodeKey<>("layers.keeps_gathered", false);

  /** Megatron: how a model's encoders run, which are those of Transformers. */
  public static final CodeKey<Encoders> ENCODERS =
      new CodeKey<>("layers.encoders", Encoders.UNKNOWN);

  /** Megatron: types of the models whose encoders it runs so, by the names it registers. */
  public static final CodeKey<List<String>> ENCODED_MODELS =
      new CodeKey<>("layers.encoded_models", List.of());

  /** Megatron: which layers of encoders run again in the backward pass. */
  public static final CodeKey<EncoderCheckpoints> ENCODER_CHECKPOINTS =
      new CodeKey<>("layers.encoder_checkpoints", EncoderCheckpoints.NEVER);

  /** Checkpoints leave their inputs on the GPU in the first micro-batch of a run. */
  public static final CodeKey<Boolean> OFFLOADS_LATE = new CodeKey<>("layers.offloads_late", false);

  private LayerCode() {}

  /** The code of torchao that rounds a tensor to a few values and leaves it in its dtype. */
  public enum FakeQuantiser {
    /** None, or none that is described. */
    NONE,
    /**
     * An autograd function that keeps a mask of what was not clipped (0.11 and 0.12, qat/utils.py
     * _GenericFakeQuantize). That of 0.10 keeps scales with the graph of the pass that made them,
     * and is not described.
     */
    MASKED,
    /**
     * Operations of which autograd keeps the values before they are clipped (since 0.13,
     * qat/utils.py _fake_quantize_per_token, quant_primitives.py _fake_quantize_affine).
     */
    TRACED
  }

  /**
   * How ranks of the first stage that share a sequence come to the tokens of its images. Each has
   * all parameters of the encoder.
   */
  public enum Encoders {
    /** None is run, or by code that is not described. */
    UNKNOWN,
    /**
     * Each runs all images and puts them among the rows of the whole sequence, of which it keeps
     * its share then (mcore_bridge/model/mm_gpt_model.py).
     */
    REPEATED,
    /**
     * Each runs its share of the images where there are as many as ranks, gathers the tokens of all
     * and puts some among its rows (mcore_adapter/models/qwen2_vl/modeling_qwen2_vl.py).
     */
    DIVIDED;

    /**
     * The attention that encoders are built with: that of Transformers, which is sdpa, save where
     * the language model's {@code attention_backend} is flash (mcore_bridge/model/mm_gpts/utils.py
     * prepare_attn_impl).
     */
    public AttentionKernel attention(AttentionKernel ofModel) {
      return this == REPEATED && ofModel == AttentionKernel.FLASH ? ofModel : AttentionKernel.SDPA;
    }
  }

  /** Which layers of encoders under Megatron run again in the backward pass. */
  public enum EncoderCheckpoints {
    /** None. */
    NEVER,
    /** All where those of the language model do. */
    WITH_LAYERS,
    /** All of those that are trained. */
    TRAINED,
    /** All, and the output of the embedding is made to require a gradient. */
    ALWAYS
  }

  /** What a tiled MLP does with the gradients of its weights, of which each piece makes some. */
  public enum TiledMlp {
    /** There is none, or none that is described. */
    NONE,
    /** Each is added to the one before as it comes (DeepSpeed's, Liger's). */
    ADDED,
    /**
     * They are summed beside, in new tensors of the weights' dtype, and those of a piece live until
     * its backward pass is over (axolotl/monkeypatch/tiled_mlp/base.py TiledMLP, since 0.17).
     */
    SUMMED;

    /** Whether the framework has it as a setting: others have a function to be put in by hand. */
    public boolean isSetting() {
      return this == SUMMED;
    }
  }

  /**
   * Which of the 4-bit checkpoints that a framework publishes beside models its loader takes for
   * them: those on the list that came with the release that runs.
   *
   * @param taken whether it takes any
   * @param release that of the list; empty for the newest
   */
  public record Copies(boolean taken, Optional<Version> release) implements Named {

    /** A loader that takes the model that it is told. */
    public static final Copies NONE = new Copies(false, Optional.empty());

    /** Those on the list of a release; of the newest where none is given. */
    public static Copies listedIn(Optional<Version> release) {
      return new Copies(true, release);
    }

    /** Whether one is on the list that came to it in a release. */
    public boolean has(Version since) {
      return taken && release.map(own -> own.compareTo(since) >= 0).orElse(true);
    }

    @Override
    public String label() {
      return !taken ? "none" : release.map(own -> "those of " + own).orElse("those of the newest");
    }
  }
}
