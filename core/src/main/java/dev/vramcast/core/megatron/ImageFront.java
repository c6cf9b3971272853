package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.step.stack.ImageWriter;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the embedding with the tokens of images among them (mcore_bridge/model/mm_gpt_model.py
 * _patch_word_embeddings, mcore_adapter/models/qwen2_vl/modeling_qwen2_vl.py
 * construct_inputs_embeds).
 */
final class ImageFront implements StageFront {

  private static final Operation GATHER =
      Operation.of(
          "all_gather",
          "mcore_adapter/parallel_functions/encoder_sequence_parallel.py"
              + " _gather_and_reorder_along_first_dim");

  private final Graph graph;
  private final StageEnds ends;
  private final StageEncoder encoder;
  private final ImageWriter writer;
  private final Recording.Of<Tensor> words;
  private final Boundary afterMerge = new Boundary();
  private final Recording.Of<Tensor> placed;
  private final List<Boundary> afterFeatures = new ArrayList<>();
  private final List<Tensor> features = new ArrayList<>();

  /** Those of all layers in one tensor; null where none are added. */
  private Recording.@Nullable Of<Tensor[]> stacked;

  /** Runs on a micro-batch, whose ids and pixels stay the caller's. */
  ImageFront(Graph graph, StageEnds ends, StageEncoder encoder, Tensor ids, Tensor pixels) {
    this.graph = graph;
    this.ends = ends;
    this.encoder = encoder;
    this.writer = encoder.writer();
    boolean shares = encoder.mergesShares();
    this.words = graph.recorded(() -> shares ? ends.embed(graph, ids) : ends.whole(graph, ids));
    Tensor mixed = writer.forward(words.result(), pixels, this::merged);
    writer.dropReturned();
    stack(writer.features());
    writer.dropFeatures();
    Tensor inside = afterMerge.enter(graph, mixed);
    this.placed =
        graph.recorded(() -> shares ? ends.turned(graph, inside) : ends.divided(graph, inside));
  }

  private Tensor merged(Tensor rows, Tensor images) {
    if (!encoder.mergesShares()) {
      return VisionModule.merge(graph, rows, images, ends.wholeTokens());
    }
    Tensor all = encoder.own() == encoder.images() ? images.hold() : gathered(images);
    long mine = all.elements() / ends.ranks();
    Tensor chosen = graph.rebind(all, ShapeOps.resized(graph, all, mine, "tokens of images"));
    Tensor result = VisionModule.merge(graph, rows, chosen, ends.rows().share());
    graph.release(chosen);
    return result;
  }

  /** One tensor for each rank, into which the results of one flat tensor are copied; then all. */
  private Tensor gathered(Tensor own) {
    long padded = Math.multiplyExact(own.elements(), (long) ends.ranks());
    Tensor apart =
        graph.allocate(GATHER, "tokens of images", Category.COMMUNICATION, padded, own.dtype());
    Tensor flat =
        graph.allocate(GATHER, "tokens of images", Category.COMMUNICATION, padded, own.dtype());
    graph.release(flat);
    long all = own.elements() / encoder.own() * encoder.images();
    Tensor result = ShapeOps.resized(graph, own, all, "tokens of images");
    graph.release(apart);
    return result;
  }

  /** {@code torch.stack}, of which each layer gets a slice of this rank's tokens. */
  private void stack(List<Tensor> all) {
    if (all.isEmpty()) {
      return;
    }
    Recording.Of<Tensor[]> made = graph.recorded(() -> slices(all.toArray(Tensor[]::new)));
    stacked = made;
    for (Tensor slice : made.result()) {
      Boundary boundary = new Boundary();
      afterFeatures.add(boundary);
      features.add(boundary.enterAll(graph, slice));
    }
  }

  private Tensor[] slices(Tensor[] all) {
    Tensor whole = ShapeOps.concatenate(graph, "features of images", all);
    long[] parts = new long[all.length];
    Arrays.fill(parts, all[0].elements() / ends.ranks());
    return FusedOps.split(graph, whole, parts);
  }

  @Override
  public Tensor result() {
    return placed.result();
  }

  @Override
  public List<Tensor> features() {
    return features;
  }

  /** Checkpoints keep what they were given. */
  @Override
  public void passed(boolean again) {
    if (!again) {
      dropFeatures();
    }
  }

  private void dropFeatures() {
    features.forEach(graph::release);
    features.clear();
  }

  @Override
  public void backward(Tensor gradient) {
    dropFeatures();
    throughFeatures();
    StageFront.through(graph, placed, gradient);
    Tensor ofMixed = afterMerge.take();
    Tensor ofText = ofMixed == null ? null : writer.backward(ofMixed);
    if (ofText != null) {
      StageFront.through(graph, words, ofText);
    }
    writer.end();
  }

  private void throughFeatures() {
    for (int i = 0; i < afterFeatures.size(); i++) {
      Tensor gradient = afterFeatures.get(i).take();
      if (gradient != null && stacked != null) {
        graph.send(stacked.result()[i], gradient);
      }
    }
    if (stacked != null && stacked.result()[0].requiresGrad()) {
      graph.backward(stacked.recording());
    }
  }
}
