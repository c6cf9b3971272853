package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.units.DataType;

/**
 * Rotary position embedding as the modeling code of each family writes it ({@code
 * apply_rotary_pos_emb}).
 *
 * @param headSize features of a head, of which {@link Rotary#dimensions()} are rotated
 * @param slides the layer has a sliding window
 */
record RotaryEmbedding(Rotary rotary, int headSize, boolean slides, StepSettings settings) {

  RotaryEmbedding(Rotary rotary, int headSize, StepSettings settings) {
    this(rotary, headSize, false, settings);
  }

  private static final String NAME = "queries and keys";
  private static final String TABLES = "rotary tables";
  private static final String PRODUCTS = "rotary products";
  private static final String IN_FP32 = "queries and keys in fp32";

  /** Rotates query and key in place of the first two heads, whose references it takes over. */
  void rotate(Graph g, Tensor[] heads, SharedInputs shared) {
    if (rotary.style() == Rotary.Style.NONE) {
      return;
    }
    if (settings.liger().runs(LigerKernel.ROPE)) {
      heads[0] = FusedOps.inPlace(g, contiguous(g, heads[0]));
      heads[1] = heads[1] == null ? null : FusedOps.inPlace(g, contiguous(g, heads[1]));
      return;
    }
    try (Scope scope = Scope.of(g)) {
      boolean own = settings.code().rotates(each -> each.tables().byLayer());
      DataType dtype = heads[0].dtype();
      Tensor cos = scope.own(own ? made(g, dtype) : table(g, shared.rotation(slides).cos()));
      Tensor sin = scope.own(own ? made(g, dtype) : table(g, shared.rotation(slides).sin()));
      if (settings.framework().is(AttentionCode.ROTATES_APART) || heads[1] == null) {
        heads[0] = g.rebind(heads[0], rotated(g, heads[0], cos, sin));
        heads[1] = heads[1] == null ? null : g.rebind(heads[1], rotated(g, heads[1], cos, sin));
      } else if (widensFirst()) {
        widened(g, heads, cos, sin);
      } else {
        Tensor query = rotated(g, heads[0], cos, sin);
        Tensor key = rotated(g, heads[1], cos, sin);
        heads[0] = g.rebind(heads[0], query);
        heads[1] = g.rebind(heads[1], key);
      }
    }
  }

  private boolean widensFirst() {
    RotaryCode code = settings.code().rotaryCode();
    return code == RotaryCode.IN_FP32 || code == RotaryCode.IN_FP32_WITH_TABLES;
  }

  /**
   * transformers cohere apply_rotary_pos_emb: query and key are named in fp32, and so are both sums
   * until both are cast back.
   */
  private static void widened(Graph g, Tensor[] heads, Tensor cos, Tensor sin) {
    try (Scope scope = Scope.of(g)) {
      Tensor query = scope.own(Pointwise.cast(g, heads[0], DataType.FP32, IN_FP32));
      Tensor key = scope.own(Pointwise.cast(g, heads[1], DataType.FP32, IN_FP32));
      Tensor ofQuery = scope.own(sum(g, query, cos, sin));
      Tensor ofKey = scope.own(sum(g, key, cos, sin));
      Tensor narrow = Pointwise.cast(g, ofQuery, heads[0].dtype(), NAME);
      Tensor narrowKey = Pointwise.cast(g, ofKey, heads[1].dtype(), NAME);
      heads[0] = g.rebind(heads[0], narrow);
      heads[1] = g.rebind(heads[1], narrowKey);
    }
  }

  /** liger_kernel/ops/rope.py rope_forward: a slice of a fused projection is copied first. */
  private static Tensor contiguous(Graph g, Tensor x) {
    boolean slice = x.storage.elements() > x.elements();
    return slice ? g.rebind(x, Pointwise.copy(g, x, NAME)) : x;
  }

  /** Whether query and key come out contiguous by heads instead of by tokens. */
  boolean byHeads() {
    return rotary.style() != Rotary.Style.NONE
        && !settings.liger().runs(LigerKernel.ROPE)
        && !settings.code().rotatesTokens()
        && concatenates();
  }

  /**
   * Whether the gradients of query and key come back by heads where they were made by tokens:
   * {@code slice_backward} of the halves puts them into new tensors.
   */
  boolean reordersGradients() {
    return rotary.style() != Rotary.Style.NONE
        && !settings.liger().runs(LigerKernel.ROPE)
        && !settings.framework().is(AttentionCode.ROTATES_APART)
        && switch (settings.code().rotaryCode()) {
          case LLAMA, TABLES_IN_FP32, REPEATED_TABLES, REPEATED_HALVES, REPEATED_HALVES_IN_FP32 ->
              true;
          case HALVES,
              AXIAL,
              COMPLEX,
              IN_FP32,
              IN_FP32_WITH_TABLES,
              EACH_IN_FP32,
              REPEATED_TABLES_IN_FP32,
              DEINTERLEAVED ->
              false;
        };
  }

  /** GLM and Ernie repeat each of half of the cosines and sines in every layer. */
  private Tensor table(Graph g, Tensor table) {
    return switch (settings.code().rotaryCode()) {
      case REPEATED_TABLES, REPEATED_TABLES_IN_FP32 -> made(g, table.dtype());
      case IN_FP32_WITH_TABLES -> Pointwise.cast(g, table, DataType.FP32, TABLES);
      default -> table.hold();
    };
  }

  private Tensor made(Graph g, DataType dtype) {
    RotaryCode code = settings.code().rotaryCode();
    DataType own = code == RotaryCode.REPEATED_HALVES_IN_FP32 ? DataType.FP32 : dtype;
    return made(g, code.halvesTables() ? rotary.dimensions() / 2 : rotary.dimensions(), own);
  }

  private Tensor made(Graph g, int features, DataType dtype) {
    return Pointwise.detached(g, settings.sequence() * features, dtype, TABLES);
  }

  private Tensor rotated(Graph g, Tensor x, Tensor cos, Tensor sin) {
    return switch (settings.code().rotaryCode()) {
      case COMPLEX -> complex(g, x, cos);
      case HALVES -> halves(g, x, cos, sin);
      case AXIAL -> axial(g, x, cos, sin);
      case IN_FP32, IN_FP32_WITH_TABLES, EACH_IN_FP32 -> wide(g, x, cos, sin);
      case REPEATED_TABLES_IN_FP32 -> productsInFp32(g, x, cos, sin);
      case DEINTERLEAVED -> deinterleaved(g, x, cos, sin);
      case TABLES_IN_FP32 -> narrowed(g, x, cos, sin);
      case LLAMA, REPEATED_TABLES -> half(g, x, cos, sin);
      case REPEATED_HALVES, REPEATED_HALVES_IN_FP32 -> repeated(g, x, cos.dtype());
    };
  }

  /** transformers gptj apply_rotary_pos_emb: {@code repeat_interleave} of both tables. */
  private Tensor repeated(Graph g, Tensor x, DataType table) {
    try (Scope scope = Scope.of(g)) {
      Tensor sin = scope.own(made(g, rotary.dimensions(), table));
      Tensor cos = scope.own(made(g, rotary.dimensions(), table));
      Tensor whole = half(g, x, cos, sin);
      return castsBack() ? g.rebind(whole, Pointwise.cast(g, whole, x.dtype(), NAME)) : whole;
    }
  }

  /** CodeGenAttention: before 5.24 query and key stayed in fp32. */
  private boolean castsBack() {
    return settings.code().rotaryCode() == RotaryCode.REPEATED_HALVES_IN_FP32
        && settings.code().version().atLeast(5, 24);
  }

  /** {@code x * cos + rotate_half(x) * sin}; interleaving costs what halving does. */
  private Tensor half(Graph g, Tensor x, Tensor cos, Tensor sin) {
    long passed = x.elements() / headSize * (headSize - rotary.dimensions());
    Tensor part = passed == 0 ? x.hold() : ShapeOps.slice(g, x.hold(), x.elements() - passed);
    Tensor sum = g.rebind(part, sum(g, part, cos, sin));
    if (!concatenates()) {
      return sum;
    }
    return g.rebind(sum, FusedOps.concatenate(g, NAME, sum, x, x.elements()));
  }

  /** {@code x * cos + rotate_half(x) * sin}; the arguments stay the caller's. */
  static Tensor sum(Graph g, Tensor part, Tensor cos, Tensor sin) {
    Tensor straight = Pointwise.mul(g, part, cos, PRODUCTS);
    Tensor half = FusedOps.rotateHalf(g, part, "rotated halves");
    Tensor crossed = g.rebind(half, Pointwise.mul(g, half, sin, PRODUCTS));
    return g.rebind(straight, crossed, Pointwise.add(g, straight, crossed, NAME));
  }

  /** transformers deepseek_v3 apply_rotary_pos_emb_interleave: first a copy by halves. */
  private Tensor deinterleaved(Graph g, Tensor x, Tensor cos, Tensor sin) {
    Tensor copy = Pointwise.copy(g, x, "deinterleaved");
    return g.rebind(copy, sum(g, copy, cos, sin));
  }

  /** transformers olmo apply_rotary_pos_emb: fp32 tables make the sum fp32, which is cast back. */
  private static Tensor narrowed(Graph g, Tensor x, Tensor cos, Tensor sin) {
    Tensor sum = sum(g, x, cos, sin);
    return g.rebind(sum, Pointwise.cast(g, sum, x.dtype(), NAME));
  }

  /** Of one of both: products of an fp32 copy, whose sum is cast back. */
  private Tensor wide(Graph g, Tensor x, Tensor cos, Tensor sin) {
    try (Scope scope = Scope.of(g)) {
      Tensor wide = Pointwise.cast(g, x, DataType.FP32, IN_FP32);
      Tensor sum = scope.own(g.rebind(wide, sum(g, wide, cos, sin)));
      return Pointwise.cast(g, sum, x.dtype(), NAME);
    }
  }

  /** transformers Ernie4_5: {@code q.float() * cos + rotate_half(q).float() * sin}. */
  private Tensor productsInFp32(Graph g, Tensor x, Tensor cos, Tensor sin) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, IN_FP32);
    Tensor straight = g.rebind(wide, Pointwise.mul(g, wide, cos, PRODUCTS));
    Tensor half = FusedOps.rotateHalf(g, x, "rotated halves");
    Tensor wideHalf = g.rebind(half, Pointwise.cast(g, half, DataType.FP32, "rotated halves"));
    Tensor crossed = g.rebind(wideHalf, Pointwise.mul(g, wideHalf, sin, PRODUCTS));
    Tensor sum = g.rebind(straight, crossed, Pointwise.add(g, straight, crossed, NAME));
    return g.rebind(sum, Pointwise.cast(g, sum, x.dtype(), NAME));
  }

  /** transformers llama4 apply_rotary_emb: complex products of pairs, in fp32. */
  private Tensor complex(Graph g, Tensor x, Tensor table) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, IN_FP32);
    Tensor product = g.rebind(wide, Pointwise.mul(g, wide, table, PRODUCTS));
    return g.rebind(product, Pointwise.cast(g, product, x.dtype(), NAME));
  }

  /** transformers gpt_oss _apply_rotary_emb: products of the halves, then one concatenation. */
  private Tensor halves(Graph g, Tensor x, Tensor cos, Tensor sin) {
    long size = x.elements() / 2;
    Tensor[] parts = FusedOps.split(g, x.hold(), size, size);
    try (Scope scope = Scope.of(g)) {
      Tensor first = scope.own(difference(g, parts[0], cos, parts[1], sin));
      Tensor second =
          scope.own(g.rebind(parts[0], parts[1], difference(g, parts[1], cos, parts[0], sin)));
      return ShapeOps.concatenate(g, NAME, first, second);
    }
  }

  /** transformers gemma4 apply_multidimensional_rope: one concatenation of what both axes give. */
  private static Tensor axial(Graph g, Tensor x, Tensor cos, Tensor sin) {
    long size = x.elements() / 2;
    try (Scope scope = Scope.of(g)) {
      Tensor[] parts = scope.own(FusedOps.split(g, x.hold(), size, size));
      Tensor columns = scope.own(sum(g, parts[0], cos, sin));
      Tensor rows = scope.own(sum(g, parts[1], cos, sin));
      return ShapeOps.concatenate(g, NAME, columns, rows);
    }
  }

  private static Tensor difference(Graph g, Tensor a, Tensor cos, Tensor b, Tensor sin) {
    Tensor straight = Pointwise.mul(g, a, cos, PRODUCTS);
    Tensor crossed = Pointwise.mul(g, b, sin, PRODUCTS);
    return g.rebind(straight, crossed, Pointwise.add(g, straight, crossed, PRODUCTS));
  }

  /** Whether the rotated part is put into a new tensor, together with what is not rotated. */
  private boolean concatenates() {
    return switch (settings.code().rotaryCode()) {
      case LLAMA, TABLES_IN_FP32, REPEATED_TABLES, REPEATED_HALVES, REPEATED_HALVES_IN_FP32 ->
          rotary.dimensions() < headSize
              || settings.code().concatenatesRotary()
              || settings.framework().is(AttentionCode.CONCATENATES_ROTARY);
      case HALVES -> true;
      case AXIAL,
          COMPLEX,
          IN_FP32,
          IN_FP32_WITH_TABLES,
          EACH_IN_FP32,
          REPEATED_TABLES_IN_FP32,
          DEINTERLEAVED ->
          false;
    };
  }
}
