package dev.vramcast.core.life;

import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.MachineSettings;
import dev.vramcast.core.life.file.SavedFile;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run from its first download to what is left of it, episode by episode.
 *
 * @param episodes in the order in which they first come
 * @param standingBytes of each machine's memory that processes take for themselves, from the first
 *     episode to the last
 * @param checkpoint the files of one; none where the framework's way is not known
 * @param kept checkpoints on the disk when most are, the one that is being written among them
 * @param assumptions what was taken for granted
 */
public record Life(
    List<EpisodeNeed> episodes,
    long standingBytes,
    List<SavedFile> checkpoint,
    int kept,
    List<DiskShare> disk,
    List<Remark> assumptions) {

  public Life {
    episodes = List.copyOf(episodes);
    checkpoint = List.copyOf(checkpoint);
    disk = List.copyOf(disk);
    assumptions = List.copyOf(assumptions);
  }

  /**
   * What an episode needs.
   *
   * @param name as answers call it
   * @param traced it is among the passes of which the estimate's trace is made
   * @param gpuBytes given out by PyTorch's allocator at its peak, on the GPU that holds most
   * @param hostBytes of the machine that needs most
   * @param diskBytes on the disk when it ends
   */
  public record EpisodeNeed(
      String name, boolean traced, long gpuBytes, long hostBytes, long diskBytes) {}

  /** Something that the disk holds. */
  public record DiskShare(String what, long bytes) {}

  /** What can be too little. */
  public enum Resource {
    GPU,
    HOST,
    DISK
  }

  /** Something of which there is too little, and the episode that takes most of it. */
  public record Shortage(
      Resource resource, String episode, long neededBytes, long availableBytes) {}

  /** What machines of which so much is said have too little of; memory before disk. */
  public Optional<Shortage> shortage(MachineSettings machine) {
    return shortage(machine.memoryBytes(), machine.diskBytes());
  }

  /** As {@link #shortage(MachineSettings)}, of machines with so much memory and disk. */
  public Optional<Shortage> shortage(OptionalLong memoryBytes, OptionalLong diskBytes) {
    EpisodeNeed stored = fullest();
    return shortageOfHost(memoryBytes)
        .or(() -> shortage(Resource.DISK, stored.name(), stored.diskBytes(), diskBytes));
  }

  /**
   * What is too much for a machine's own memory.
   *
   * @param bytes of it
   */
  public Optional<Shortage> shortageOfHost(long bytes) {
    return shortageOfHost(OptionalLong.of(bytes));
  }

  private Optional<Shortage> shortageOfHost(OptionalLong bytes) {
    EpisodeNeed host = highestOnHost();
    return shortage(Resource.HOST, host.name(), host.hostBytes(), bytes);
  }

  /**
   * What happens beside steps and does not fit a card.
   *
   * @param usableBytes of the card for PyTorch's allocator
   */
  public Optional<Shortage> shortage(long usableBytes) {
    return episodes.stream()
        .filter(each -> !each.traced())
        .max(Comparator.comparingLong(EpisodeNeed::gpuBytes))
        .flatMap(
            each ->
                shortage(Resource.GPU, each.name(), each.gpuBytes(), OptionalLong.of(usableBytes)));
  }

  private static Optional<Shortage> shortage(
      Resource resource, String episode, long needed, OptionalLong available) {
    return available.isPresent() && available.getAsLong() < needed
        ? Optional.of(new Shortage(resource, episode, needed, available.getAsLong()))
        : Optional.empty();
  }

  /** The episode that takes most of a machine's memory. */
  public EpisodeNeed highestOnHost() {
    return episodes.stream().max(Comparator.comparingLong(EpisodeNeed::hostBytes)).orElseThrow();
  }

  /** What the run takes of a resource; of a card, beside passes. */
  public long neededBytes(Resource resource) {
    return switch (resource) {
      case GPU ->
          episodes.stream()
              .filter(each -> !each.traced())
              .mapToLong(EpisodeNeed::gpuBytes)
              .max()
              .orElse(0);
      case HOST -> hostBytes();
      case DISK -> diskBytes();
    };
  }

  /** Memory that each machine has to have. */
  public long hostBytes() {
    return highestOnHost().hostBytes();
  }

  /** Disk that the machine has to have that writes what one rank writes. */
  public long diskBytes() {
    return fullest().diskBytes();
  }

  private EpisodeNeed fullest() {
    return episodes.stream().max(Comparator.comparingLong(EpisodeNeed::diskBytes)).orElseThrow();
  }
}
