package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch on the GPU.
 *
 * @param ids of its tokens
 * @param pixels of its images in fp32, as processors give them, or ids of a text that an encoder
 *     reads; null without
 * @param sound frames of its sound in fp32; null without
 * @param others masks and labels
 */
record Inputs(Tensor ids, @Nullable Tensor pixels, @Nullable Tensor sound, List<Tensor> others) {

  /** Labels and attention mask. */
  static final int LABELS_AND_MASK = 2;

  /** Numbers for each token of a sequence that PyTorch's context parallelism keeps whole. */
  private static final int WHOLE = 5;

  /** What brings them to the GPU. */
  static final Operation MOVED =
      Operation.of("aten::_to_copy", "transformers/trainer.py _prepare_inputs");

  /**
   * The batch of what the resident model runs now.
   *
   * @param others masks and labels beside the ids
   */
  static Inputs of(Graph graph, Resident resident, int others) {
    long tokens = resident.settings().tokens();
    Tensor ids = numbers(graph, tokens);
    List<Tensor> beside = new ArrayList<>();
    VisionModule vision = resident.model().vision();
    long masked = vision != null && vision.readsText() ? vision.pixels() : tokens;
    for (int i = 0; i < others; i++) {
      // The mask is that of a text which the encoder reads.
      beside.add(numbers(graph, i == LABELS_AND_MASK - 1 ? masked : tokens));
    }
    shared(graph, resident.settings(), beside);
    if (vision != null && vision.pixelMask() > 0) {
      beside.add(numbers(graph, vision.pixelMask()));
    }
    if (vision != null && vision.isSeenInParts()) {
      beside.add(numbers(graph, vision.sightMask(tokens)));
    }
    VisionModule heard = resident.model().sound();
    if (heard != null && heard.soundMask() > 0) {
      beside.add(
          graph.allocate(MOVED, "inputs", Category.OTHER, heard.soundMask(), DataType.INT32));
    }
    return new Inputs(
        ids,
        vision == null ? null : pixels(graph, vision),
        heard == null ? null : pixels(graph, heard),
        beside);
  }

  /**
   * Where ranks share a sequence, the ids of positions; and under PyTorch's context parallelism the
   * whole batch, of which each rank has its share beside (transformers/trainer.py
   * _prepare_context_parallel_inputs: ids, mask, labels, positions, padded labels and moved ones).
   */
  private static void shared(Graph graph, StepSettings settings, List<Tensor> beside) {
    Parallelism degrees = settings.job().parallelism();
    if (degrees.context() == 1 || settings.framework().hasOwnModels()) {
      return;
    }
    beside.add(numbers(graph, settings.tokens()));
    if (settings.framework().sharesByTorch(degrees.sequenceScheme())) {
      for (int i = 0; i < WHOLE; i++) {
        beside.add(numbers(graph, settings.tokens() * degrees.context()));
      }
      beside.add(numbers(graph, settings.tokens()));
      beside.add(numbers(graph, settings.tokens()));
    }
  }

  /**
   * Pixels and sound of a step's other micro-batches; their ids are some kilobytes and left out.
   */
  static void waiting(Graph graph, ResolvedJob job, LoadedModel model) {
    waiting(graph, job, model.vision());
    waiting(graph, job, model.sound());
  }

  private static void waiting(Graph graph, ResolvedJob job, @Nullable VisionModule vision) {
    int others = job.batch().gradAccum() - 1;
    boolean fetched = others > 0 && job.frameworkCode().is(LoopCode.FETCHES_STEP);
    if (vision == null || vision.readsText() || !fetched) {
      return;
    }
    graph.allocate(MOVED, "pixels", Category.OTHER, others * vision.pixels(), DataType.FP32);
    if (vision.pixelMask() > 0) {
      graph.allocate(MOVED, "inputs", Category.OTHER, others * vision.pixelMask(), DataType.INT64);
    }
  }

  private static Tensor numbers(Graph graph, long count) {
    return graph.allocate(MOVED, "inputs", Category.OTHER, count, DataType.INT64);
  }

  private static Tensor pixels(Graph graph, VisionModule vision) {
    return vision.readsText()
        ? numbers(graph, vision.pixels())
        : graph.allocate(MOVED, "pixels", Category.OTHER, vision.pixels(), DataType.FP32);
  }

  /** Everything it holds. */
  List<Tensor> all() {
    List<Tensor> all = new ArrayList<>(others);
    all.add(ids);
    if (pixels != null) {
      all.add(pixels);
    }
    if (sound != null) {
      all.add(sound);
    }
    return all;
  }
}
