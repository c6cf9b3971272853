package dev.vramcast.core.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the difference between a run and an estimate comes from, as far as the figures tell.
 *
 * @param parts what lies between the figures that were measured; they do not overlap
 * @param components what was alive at the peak, where a trace tells; they sum to what was allocated
 * @param untold what these data cannot say, one sentence each
 */
public record Attribution(List<Part> parts, List<Part> components, List<String> untold) {

  public Attribution {
    parts = List.copyOf(parts);
    components = List.copyOf(components);
    untold = List.copyOf(untold);
  }

  /**
   * A part of the memory.
   *
   * @param name e.g. {@code tensors}
   * @param meaning the figure that it is, or the two that it is the difference of
   */
  public record Part(String name, String meaning, long measuredBytes, long estimatedBytes) {

    public long differenceBytes() {
      return measuredBytes - estimatedBytes;
    }
  }

  /** Attributes the difference. */
  public static Attribution of(Run run, Estimated estimated) {
    List<Part> parts = new ArrayList<>();
    List<String> untold = new ArrayList<>();
    figures(run, estimated, parts, untold);
    return new Attribution(parts, components(run, estimated, untold), untold);
  }

  private static void figures(Run run, Estimated estimated, List<Part> parts, List<String> untold) {
    boolean loaded = run.figure(RunFigure.AFTER_LOAD).isPresent();
    boolean allocated = run.figure(RunFigure.ALLOCATED).isPresent();
    boolean reserved = run.figure(RunFigure.RESERVED).isPresent();
    boolean device = run.figure(RunFigure.DEVICE).isPresent();
    tensors(run, estimated, parts);
    reserved(run, estimated, parts, untold);
    device(run, estimated, parts, untold);
    if (allocated && !loaded && run.peak().isEmpty()) {
      untold.add(
          "Which tensors differ: that takes the allocated bytes after loading, or a memory"
              + " snapshot with a trace.");
    }
    if (!device && (allocated || reserved)) {
      untold.add("What is outside PyTorch: that takes nvidia-smi at the peak.");
    }
  }

  private static void tensors(Run run, Estimated estimated, List<Part> parts) {
    boolean loaded = run.figure(RunFigure.AFTER_LOAD).isPresent();
    if (loaded) {
      parts.add(whole(run, estimated, RunFigure.AFTER_LOAD, "weights", "after load"));
    }
    if (run.figure(RunFigure.ALLOCATED).isPresent()) {
      parts.add(
          loaded
              ? between(
                  run, estimated, RunFigure.AFTER_LOAD, RunFigure.ALLOCATED, "the step's tensors")
              : whole(run, estimated, RunFigure.ALLOCATED, "tensors", "allocated"));
    }
  }

  private static void reserved(
      Run run, Estimated estimated, List<Part> parts, List<String> untold) {
    boolean allocated = run.figure(RunFigure.ALLOCATED).isPresent();
    boolean reserved = run.figure(RunFigure.RESERVED).isPresent();
    if (reserved && allocated) {
      parts.add(
          between(run, estimated, RunFigure.ALLOCATED, RunFigure.RESERVED, "caching allocator"));
    } else if (allocated && run.figure(RunFigure.DEVICE).isPresent()) {
      parts.add(
          between(
              run,
              estimated,
              RunFigure.ALLOCATED,
              RunFigure.DEVICE,
              "allocator, context and others"));
    } else if (reserved) {
      parts.add(
          whole(run, estimated, RunFigure.RESERVED, "tensors and caching allocator", "reserved"));
      untold.add(
          "Whether tensors or what the caching allocator keeps beside them differ: the peak of"
              + " allocated bytes was not measured (torch.cuda.max_memory_allocated).");
    }
  }

  private static void device(Run run, Estimated estimated, List<Part> parts, List<String> untold) {
    if (run.figure(RunFigure.DEVICE).isEmpty()) {
      return;
    }
    if (run.figure(RunFigure.RESERVED).isPresent()) {
      parts.add(between(run, estimated, RunFigure.RESERVED, RunFigure.DEVICE, outside(estimated)));
      return;
    }
    if (run.figure(RunFigure.ALLOCATED).isEmpty()) {
      parts.add(whole(run, estimated, RunFigure.DEVICE, "all on the device", "on the device"));
    }
    untold.add(
        "Whether the difference lies in PyTorch or outside of it: reserved bytes were not"
            + " measured (torch.cuda.max_memory_reserved).");
  }

  private static String outside(Estimated estimated) {
    return estimated.readBytes() < estimated.reservedBytes()
        ? "context and others, less what was given back"
        : "context and others";
  }

  private static Part whole(
      Run run, Estimated estimated, RunFigure figure, String name, String meaning) {
    return new Part(
        name, meaning, run.figure(figure).orElseThrow().bytes(), estimated.bytes(figure));
  }

  private static Part between(
      Run run, Estimated estimated, RunFigure lower, RunFigure higher, String name) {
    return new Part(
        name,
        higher.label() + " less " + lower.label(),
        run.figure(higher).orElseThrow().bytes() - run.figure(lower).orElseThrow().bytes(),
        estimated.bytes(higher) - estimated.bytes(lower));
  }

  private static List<Part> components(Run run, Estimated estimated, List<String> untold) {
    if (run.peak().isEmpty()) {
      return List.of();
    }
    if (run.peak().containsKey(Component.BEFORE) || run.peak().containsKey(Component.UNKNOWN)) {
      untold.add(
          "What memory without a stack is for: record with"
              + " torch.cuda.memory._record_memory_history() before the model is loaded.");
    }
    untold.add(
        "Gradients of logits from those of activations, both under activations here: the backward"
            + " pass leaves no stack of Python (stacks=\"all\" records that of C++).");
    return Arrays.stream(Component.values())
        .filter(each -> run.peak().containsKey(each) || estimated.peak().containsKey(each))
        .map(
            each ->
                new Part(
                    each.label(),
                    "alive at the peak",
                    run.peak().getOrDefault(each, 0L),
                    estimated.peak().getOrDefault(each, 0L)))
        .toList();
  }
}
