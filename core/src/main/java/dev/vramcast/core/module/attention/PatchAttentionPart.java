package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.units.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * transformers Qwen2_5_VLVisionAttention.forward.
 *
 * @param norms of queries and of keys; empty where there are none
 */
record PatchAttentionPart(
    PatchAttention attention,
    StepSettings settings,
    List<Projection> qkv,
    Projection output,
    List<Norms> norms)
    implements LayerPart {

  private static final String NAME = "queries and keys";

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor[] heads = projected(g, x);
    for (int i = 0; i < norms.size(); i++) {
      heads[i] = g.rebind(heads[i], norms.get(i).forward(g, heads[i]));
    }
    if (attention.turn().inFp32()) {
      rotate(g, heads, shared);
    } else if (attention.rotated()) {
      rotatePartly(g, heads, shared);
    }
    Tensor attended =
        attention.rotated() || settings.code().attendsInChunks()
            ? attend(g, heads)
            : attendWhole(g, heads, shared.masks().full());
    try (Scope scope = Scope.of(g)) {
      scope.own(heads);
      return g.rebind(attended, output.forward(g, attended));
    }
  }

  /** Queries, keys and values, of which a common projection makes parts of one tensor. */
  private Tensor[] projected(Graph g, Tensor x) {
    Tensor[] made =
        qkv.stream()
            .map(each -> ShapeOps.viewByHeads(g, each.forward(g, x)))
            .toArray(Tensor[]::new);
    if (made.length > 1) {
      return made;
    }
    long each = settings.tokens() * attention.heads() * attention.headSize();
    return FusedOps.split(g, made[0], each, each, each);
  }

  /** {@code apply_rotary_pos_emb_vision}: both are fp32 until both are rotated. */
  private static void rotate(Graph g, Tensor[] heads, SharedInputs shared) {
    Tensor cos = shared.rotation().cos();
    Tensor sin = shared.rotation().sin();
    try (Scope scope = Scope.of(g)) {
      Tensor[] wide = new Tensor[2];
      for (int i = 0; i < 2; i++) {
        wide[i] = scope.own(Pointwise.cast(g, heads[i], DataType.FP32, "queries and keys in fp32"));
      }
      Tensor[] rotated = new Tensor[2];
      for (int i = 0; i < 2; i++) {
        rotated[i] = scope.own(RotaryEmbedding.sum(g, wide[i], cos, sin));
      }
      for (int i = 0; i < 2; i++) {
        heads[i] = g.rebind(heads[i], Pointwise.cast(g, rotated[i], heads[i].dtype(), NAME));
      }
    }
  }

  /**
   * transformers minimax_m3_vl apply_rotary_pos_emb_vision: both are rotated, then put together.
   */
  private void rotatePartly(Graph g, Tensor[] heads, SharedInputs shared) {
    int passed = attention.headSize() - attention.turn().features();
    try (Scope scope = Scope.of(g)) {
      Tensor[] turned = new Tensor[2];
      for (int i = 0; i < 2; i++) {
        long rest = heads[i].elements() / attention.headSize() * passed;
        Tensor part = ShapeOps.slice(g, heads[i].hold(), heads[i].elements() - rest);
        Tensor sum = RotaryEmbedding.sum(g, part, shared.rotation().cos(), shared.rotation().sin());
        turned[i] = scope.own(g.rebind(part, sum));
      }
      Tensor[] whole = new Tensor[2];
      for (int i = 0; i < 2; i++) {
        whole[i] = FusedOps.concatenate(g, NAME, turned[i], heads[i], heads[i].elements());
      }
      for (int i = 0; i < 2; i++) {
        heads[i] = g.rebind(heads[i], whole[i]);
      }
    }
  }

  /** All states at once, which a mask keeps apart where there is one. */
  private Tensor attendWhole(Graph g, Tensor[] heads, @Nullable Tensor mask) {
    AttentionOps.Shape all =
        new AttentionOps.Shape(
            1,
            settings.tokens(),
            attention.heads(),
            attention.heads(),
            attention.headSize(),
            attention.headSize());
    try (Scope scope = Scope.of(g)) {
      Tensor[] inputs = new Tensor[3];
      for (int i = 0; i < 3; i++) {
        inputs[i] = scope.own(Pointwise.lowered(g, heads[i]));
      }
      DataType dtype = inputs[0].dtype();
      if (mask == null && takesFlash(dtype)) {
        return AttentionOps.flash(g, inputs[0], inputs[1], inputs[2], all);
      }
      Tensor additive =
          mask == null
              ? null
              : scope.own(AttentionCore.additiveMask(g, mask, dtype, settings.tokens()));
      return AttentionOps.efficient(g, inputs, additive, all, settings.card().efficient());
    }
  }

  private boolean takesFlash(DataType dtype) {
    return settings.card().takesFlash(dtype, attention.headSize());
  }

  /** Each chunk is cut out, attends, and is put behind the one before. */
  private Tensor attend(Graph g, Tensor[] heads) {
    long length = attention.window() == 0 ? settings.sequence() : attention.window();
    long chunks = Math.max(1, settings.tokens() / length);
    try (Scope scope = Scope.of(g)) {
      Tensor[] inputs = new Tensor[3];
      for (int i = 0; i < 3; i++) {
        inputs[i] = scope.own(ShapeOps.divided(g, heads[i].hold()));
      }
      for (int i = 0; i < 3; i++) {
        inputs[i] = scope.own(Pointwise.lowered(g, inputs[i]));
      }
      AttentionOps.Shape chunk =
          new AttentionOps.Shape(
              1,
              length,
              attention.heads(),
              attention.heads(),
              attention.headSize(),
              attention.headSize());
      Tensor outputs =
          scope.own(
              AttentionOps.chunked(
                  g,
                  inputs,
                  chunk,
                  chunks,
                  takesFlash(inputs[0].dtype()),
                  settings.card().efficient()));
      return ShapeOps.concatenate(g, "attention outputs", outputs);
    }
  }
}
