package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.SoundChunks;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of sound to states (transformers Qwen2_5OmniAudioEncoder.forward,
 * Qwen3OmniMoeAudioEncoder.forward). Convolutions of the latter run on 500 chunks at once; more are
 * counted as if they did, too.
 *
 * @param frames of each recording
 * @param linear behind convolutions over time and bands; null where they run over time alone
 */
public record ChunkModule(
    ModuleScope scope,
    StepSettings settings,
    VisionStack stack,
    long frames,
    List<Convolution> convolutions,
    @Nullable Projection linear)
    implements TowerEmbedding {

  private static final String CHUNKS = "chunks of sound";
  private static final String STATES = "states of sound";

  /** Puts the parameters onto the trace. */
  public static ChunkModule load(
      ModuleFactory modules, StepSettings settings, VisionStack stack, long frames) {
    SoundChunks chunks = stack.chunks().orElseThrow();
    List<Convolution> made =
        chunks.convolutions().stream().map(each -> Convolution.load(modules, each)).toList();
    Projection linear = chunks.out().map(modules::projection).orElse(null);
    ModuleScope scope = modules.site().module().own("", "AudioEncoder.forward");
    return new ChunkModule(scope, settings, stack, frames, made, linear);
  }

  private SoundChunks chunks() {
    return stack.chunks().orElseThrow();
  }

  @Override
  public PatchEmbedding embedding() {
    return stack.patches();
  }

  @Override
  public boolean takesLeaf() {
    return !convolutions.get(0).weight().trainable();
  }

  @Override
  public DataType dtype() {
    return convolutions.get(0).weight().dtype();
  }

  @Override
  public Tensor forward(Graph g, Tensor recorded, @Nullable InputLeaf leaf) {
    try (Scope frame = Scope.of(g, scope)) {
      Tensor states = convolved(g, recorded, leaf);
      long kept = settings.tokens() * chunks().features();
      return frame.result(placed(g, states, kept));
    }
  }

  /** All chunks, filled up to the longest of them. */
  private Tensor convolved(Graph g, Tensor recorded, @Nullable InputLeaf leaf) {
    SoundChunks chunks = chunks();
    long each = chunks.longest(frames);
    long count = recorded.elements() / (frames * chunks.bands()) * chunks.chunks(frames);
    Tensor hidden = filled(g, count * each * chunks.bands(), recorded.dtype());
    long length = each;
    long height = linear == null ? 1 : chunks.bands();
    for (int i = 0; i < convolutions.size(); i++) {
      // The first of those over time alone reads every frame.
      boolean halves = linear != null || i > 0;
      length = halves ? (length + 1) / 2 : length;
      height = linear == null ? 1 : (height + 1) / 2;
      long elements = count * length * height * chunks.convolutions().get(i).out();
      hidden = g.rebind(hidden, convolutions.get(i).forward(g, hidden, elements, CHUNKS));
      if (i == 0 && leaf != null) {
        hidden = leaf.take(g, hidden, false);
      }
      hidden = g.rebind(hidden, Activations.apply(g, Activation.GELU, hidden));
      if (i == 0 && linear == null) {
        // gelu(conv1(...)) * padded_mask, whose mask has a number a frame.
        hidden = g.rebind(hidden, Pointwise.scale(g, hidden, CHUNKS));
      }
    }
    return linear == null ? hidden : projected(g, hidden, linear);
  }

  /**
   * {@code pad_sequence}, and the dtype of the weights: before 5.9 of Qwen2.5-Omni at once, of
   * Qwen3-Omni not.
   */
  private Tensor filled(Graph g, long elements, DataType recorded) {
    boolean older = !settings.code().attendsInChunks();
    DataType made = older && linear == null ? dtype() : recorded;
    Tensor all = Pointwise.detached(g, elements, made, CHUNKS);
    return older ? all : g.rebind(all, Pointwise.cast(g, all, dtype(), CHUNKS));
  }

  /** {@code cat} of what all pieces gave, turned round to lie by frames, and the linear. */
  private static Tensor projected(Graph g, Tensor planes, Projection linear) {
    Tensor all = g.rebind(planes, ShapeOps.concatenate(g, CHUNKS, planes));
    Tensor turned = g.rebind(all, Pointwise.copy(g, all, CHUNKS));
    return g.rebind(turned, linear.forward(g, turned));
  }

  /**
   * Positions are added, and states of what is no silence taken out. Those of convolutions over
   * time lie by feature, and are copied to lie by frame.
   */
  private Tensor placed(Graph g, Tensor states, long kept) {
    Tensor placed = g.rebind(states, Pointwise.scale(g, states, STATES));
    Tensor flat = linear == null ? g.rebind(placed, Pointwise.copy(g, placed, STATES)) : placed;
    return g.rebind(flat, VisionOps.indexed(g, flat, kept, STATES));
  }
}
