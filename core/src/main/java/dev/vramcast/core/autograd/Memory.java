package dev.vramcast.core.autograd;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.trace.CallSite;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.units.DataType;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tensors by their references: what is allocated, and freed with the last of them. */
abstract class Memory {

  private final StorageTrace trace = new StorageTrace();
  private final CallSite site = new CallSite();
  private OptionalLong room = OptionalLong.empty();
  private boolean waits = true;
  private Phase phase = Phase.LOAD;

  /** Takes notice of a new tensor, and returns it. */
  abstract Tensor track(Tensor tensor);

  /** A storage that is not in memory is not computed any more. */
  abstract void letGo(Storage storage);

  /** Whether what is written now happens in a section that repeats. */
  boolean insideRepeat() {
    return trace.insideRepeat();
  }

  /** What is written from now on belongs to this episode. */
  public void episode(Episode episode) {
    trace.episode(episode);
  }

  public void phase(Phase next) {
    phase = next;
    trace.phase(next);
  }

  /** What runs now. */
  public Phase phase() {
    return phase;
  }

  /** Which module runs, and which operation of it. */
  public CallSite site() {
    return site;
  }

  public StepTraces finish() {
    return trace.finish();
  }

  /** A new tensor that needs no gradient. */
  public Tensor allocate(String name, Category category, long elements, DataType dtype) {
    return output(name, category, elements, dtype, null, 0);
  }

  /** As {@link #allocate(String, Category, long, DataType)}, by an operation that begins here. */
  public Tensor allocate(
      Operation operation, String name, Category category, long elements, DataType dtype) {
    site.operation(operation);
    return output(name, category, elements, dtype, null, 0);
  }

  /** A new tensor of a stream beside the one on which the model runs. */
  public Tensor allocateOn(
      Stream stream, String name, Category category, long elements, DataType dtype) {
    Storage storage =
        new Storage(name, category, dtype, elements, stream, MemorySpace.DEVICE, site);
    trace.allocate(storage);
    return new Tensor(storage, dtype, elements, null, 0, null);
  }

  void allocate(Storage storage) {
    trace.allocate(storage);
  }

  /** A storage of the module and the operation that run, which is not on the trace yet. */
  Storage storage(String name, Category category, long elements, DataType dtype) {
    return new Storage(name, category, dtype, elements, Stream.COMPUTE, MemorySpace.DEVICE, site);
  }

  /** A new tensor in the machine's memory, pinned for copies. */
  public Tensor allocateOnHost(String name, Category category, long elements, DataType dtype) {
    return allocateOnHost(MemorySpace.PINNED, name, category, elements, dtype);
  }

  /** A new tensor in the machine's memory, of one of its kinds. */
  public Tensor allocateOnHost(
      MemorySpace space, String name, Category category, long elements, DataType dtype) {
    Storage storage = new Storage(name, category, dtype, elements, Stream.COMPUTE, space, site);
    trace.allocate(storage);
    return new Tensor(storage, dtype, elements, null, 0, null);
  }

  /** Whether anything was allocated in the machine's memory. */
  boolean usesHost() {
    return trace.usesHost();
  }

  /**
   * A new tensor that every iteration of a repeated section reads: where its last reference goes
   * inside one, it is freed once, after the last iteration.
   */
  public Tensor allocateShared(String name, Category category, long elements, DataType dtype) {
    Tensor tensor = allocate(name, category, elements, dtype);
    tensor.storage.shared = true;
    return tensor;
  }

  /** The result of an operation. */
  public Tensor output(
      String name, Category category, long elements, DataType dtype, @Nullable Node node) {
    return output(name, category, elements, dtype, node, 0);
  }

  /** One of several results of an operation. */
  public Tensor output(
      String name,
      Category category,
      long elements,
      DataType dtype,
      @Nullable Node node,
      int index) {
    Storage storage = storage(name, category, elements, dtype);
    trace.allocate(storage);
    return track(new Tensor(storage, dtype, elements, node, index, null));
  }

  /** A tensor on the storage of {@code base}; takes over the caller's reference to it. */
  public Tensor view(Tensor base, long elements, @Nullable Node node, int index) {
    base.views++;
    base.held--;
    return track(new Tensor(base.storage, base.dtype, elements, node, index, base));
  }

  /** The storage of an equal layer that is alive too; nothing is written. */
  public Tensor sameStorage(Tensor tensor) {
    return new Tensor(tensor.storage, tensor.dtype, tensor.elements, null, 0, null);
  }

  /** Drops one reference; the storage is freed with the last. */
  public void release(Tensor tensor) {
    tensor.held--;
    freeIfUnused(tensor);
  }

  public void release(Tensor first, Tensor second) {
    release(first);
    release(second);
  }

  /** {@code x = f(x)}: the name stands for {@code next} from now on, and {@code old} is dropped. */
  public Tensor rebind(Tensor old, Tensor next) {
    release(old);
    return next;
  }

  /** As {@link #rebind(Tensor, Tensor)}, of an expression that read two tensors of its own. */
  public Tensor rebind(Tensor first, Tensor second, Tensor next) {
    release(first, second);
    return next;
  }

  /** As {@link #rebind(Tensor, Tensor)}, of an expression that read three. */
  public Tensor rebind(Tensor first, Tensor second, Tensor third, Tensor next) {
    release(first, second);
    return rebind(third, next);
  }

  void freeIfUnused(Tensor tensor) {
    if (!tensor.isReferred()) {
      if (tensor.base != null) {
        tensor.base.views--;
        freeIfUnused(tensor.base);
      }
      if (--tensor.storage.tensors > 0) {
        return;
      }
      if (tensor.storage.sources == null) {
        trace.free(tensor.storage);
      } else {
        letGo(tensor.storage);
      }
    }
  }

  /**
   * Runs {@code body} as a micro-batch before the last of a step, which does otherwise than that:
   * nothing of it is on the trace but what an allocator makes of it.
   */
  public void earlier(Runnable body) {
    trace.earlier(aside(body));
  }

  /**
   * Writes a micro-batch with which a run begins, where that is unlike all others: as {@link
   * #earlier}, nothing of it is on the trace.
   */
  public void opening(Runnable body) {
    trace.opening(aside(body));
  }

  /** What {@code body} does, of which this remembers nothing. */
  Runnable aside(Runnable body) {
    return body;
  }

  /** Here an optimizer makes its states in the first step. */
  public void statesMade() {
    trace.statesMade();
  }

  /**
   * Makes what is made anew when the second step begins.
   *
   * @param first makes what there is in its place until then
   */
  public void renewed(Runnable first, Runnable body) {
    trace.renewed(first, body);
  }

  /** What {@code body} allocates and leaves in memory can leave the device and come back. */
  public void noting(Runnable body) {
    trace.noting(body);
  }

  /** What was noted leaves the device. */
  public void leave() {
    trace.leave();
  }

  /** What has left the device comes back. */
  public void comeBack() {
    trace.comeBack();
  }

  /** How many equal iterations are written now. */
  public int iterations() {
    return trace.iterations();
  }

  /** Says what the card leaves to PyTorch's allocator; empty where no card is named. */
  public void room(OptionalLong bytes) {
    room = bytes;
  }

  /** What the card leaves to PyTorch's allocator; empty where no card is named. */
  public OptionalLong room() {
    return room;
  }

  /** Says whether a tensor that a stream has yet to read has to be told from a free one. */
  public void waits(boolean value) {
    waits = value;
  }

  /** Whether a tensor that a stream has yet to read has to be told from a free one. */
  public boolean waits() {
    return waits;
  }

  /** What of {@link #room} is free in the first step, when the optimizer has no states yet. */
  public OptionalLong freeBytes() {
    return room.isEmpty()
        ? room
        : OptionalLong.of(Math.max(0, room.getAsLong() - trace.liveBytes()));
  }

  /** Runs {@code body} once for {@code count} equal iterations. */
  public void repeat(int count, Runnable body) {
    trace.repeat(count, body);
  }

  /** As {@link #repeat(int, Runnable)}, with what {@code body} gives. */
  public <T> T repeat(int count, Supplier<T> body) {
    return trace.repeat(count, body);
  }
}
