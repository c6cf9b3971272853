package dev.vramcast.answers.estimate;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.words.AssumptionsRecord;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.file.SavedFile;
import java.util.List;

/** {@link Life} for programs. */
@Describes("The run from loading to what is left of it: what it takes of machines and disk.")
record LifeRecord(
    @Describes("Memory that each machine has to have.") long hostBytes,
    @Describes("Disk that the machine has to have that writes checkpoints.") long diskBytes,
    @Describes("The episodes, in the order in which they first come.") List<Needs> episodes,
    @Describes("Files of one checkpoint; none where the framework's way is not known.")
        List<Saved> checkpoint,
    @Describes("What the disk holds at the end.") List<Share> disk,
    AssumptionsRecord assumptions) {

  /** An episode. */
  record Needs(
      @Describes("Its name, such as load or save.") String episode,
      @Describes("Peak of what PyTorch's allocator has given out on the GPU that holds most.")
          long allocatedBytes,
      @Describes("Of the machine that needs most.") long hostBytes,
      @Describes("On the disk when it ends.") long diskBytes) {

    private static Needs of(Life.EpisodeNeed need) {
      return new Needs(need.name(), need.gpuBytes(), need.hostBytes(), need.diskBytes());
    }
  }

  /** A file of a checkpoint. */
  record Saved(
      @Describes("Its name; a folder's ends with a slash.") String file,
      @Describes("What it holds.") String holds,
      @Describes("Its size.") long bytes) {

    private static Saved of(SavedFile file) {
      return new Saved(file.name(), file.holds(), file.bytes());
    }
  }

  /** Something on the disk. */
  record Share(@Describes("What it is.") String what, @Describes("What it takes.") long bytes) {

    private static Share of(Life.DiskShare share) {
      return new Share(share.what(), share.bytes());
    }
  }

  static LifeRecord of(Life life) {
    return new LifeRecord(
        life.hostBytes(),
        life.diskBytes(),
        life.episodes().stream().map(Needs::of).toList(),
        life.checkpoint().stream().map(Saved::of).toList(),
        life.disk().stream().map(Share::of).toList(),
        AssumptionsRecord.of(life.assumptions()));
  }
}
