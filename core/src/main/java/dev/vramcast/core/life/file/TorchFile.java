package dev.vramcast.core.life.file;

import java.util.List;

/**
 * What {@code torch.save} writes: a zip archive with a pickle that describes the tensors, and a
 * record for each storage (caffe2/serialize/inline_container.cc of PyTorch 2.15). Records are not
 * compressed and begin at multiples of 64 bytes.
 */
public final class TorchFile {

  private static final long LOCAL_HEADER = 30;

  /** The extra field that pads a record, at its shortest ({@code getPadding}). */
  private static final long PADDING = 4;

  private static final long ALIGNMENT = 64;

  /** CRC and sizes behind a record. */
  private static final long DESCRIPTOR = 16;

  private static final long CENTRAL_HEADER = 46;

  /** End of the central directory, with the forms of zip64 that miniz always writes. */
  private static final long END = 98;

  /** Records beside pickle and storages, with the length of each. */
  private record Fixed(String name, long bytes) {}

  private static final List<Fixed> BEFORE =
      List.of(
          new Fixed(".format_version", 1),
          new Fixed(".storage_alignment", 2),
          new Fixed("byteorder", 6));

  private static final List<Fixed> AFTER =
      List.of(new Fixed("version", 2), new Fixed(".data/serialization_id", 40));

  private final int folder;
  private long position;
  private long directory;

  /** The folder in the archive is called as the file is, without its extension. */
  private TorchFile(String name) {
    this.folder = name.length() + 1;
  }

  /**
   * Bytes of a file of these tensors, each with a storage of its own.
   *
   * @param name of the file without its extension, e.g. {@code optimizer}
   * @param dictionaries in which they stand, e.g. one a parameter in an optimizer's states
   */
  public static long bytes(String name, Iterable<SavedTensor> tensors, int dictionaries) {
    TorchFile file = new TorchFile(name);
    file.record("data.pkl".length(), TensorPickle.bytes(tensors, dictionaries));
    BEFORE.forEach(file::record);
    int index = 0;
    for (SavedTensor tensor : tensors) {
      file.record("data/".length() + Integer.toString(index++).length(), tensor.bytes());
    }
    AFTER.forEach(file::record);
    return file.position + file.directory + END;
  }

  private void record(Fixed fixed) {
    record(fixed.name().length(), fixed.bytes());
  }

  private void record(long nameLength, long bytes) {
    long name = folder + nameLength;
    long data = position + LOCAL_HEADER + name + PADDING;
    data = (data + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    position = Math.addExact(data, bytes) + DESCRIPTOR;
    directory += CENTRAL_HEADER + name;
  }
}
