package dev.vramcast.answers.estimate;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.Life.EpisodeNeed;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the weights take that a job has made of what it trained, where it asks for them. */
final class WrittenAtTheEnd {

  private static final Map<String, String> VERBS =
      Map.of("consolidate", "To put shards together", "merge", "To merge", "export", "To export");

  private WrittenAtTheEnd() {}

  /**
   * Adds a sentence for each of them.
   *
   * @param merge where adapters are merged; file by file it takes one card
   */
  static void add(Life life, Optional<MergeDevice> merge, Sections sections) {
    boolean single = merge.filter(MergeDevice.FILE_BY_FILE::equals).isPresent();
    String cards = single ? " of one card" : " of each card";
    List<EpisodeNeed> asked =
        life.episodes().stream().filter(each -> VERBS.containsKey(each.name())).toList();
    if (!asked.isEmpty()) {
      sections.title("When training is over");
      asked.forEach(each -> sections.sentence(sentence(each, cards)));
    }
  }

  private static String sentence(EpisodeNeed need, String cards) {
    return VERBS.get(need.name())
        + ": "
        + (need.gpuBytes() > 0 ? Gib.text(need.gpuBytes()) + cards : "no card")
        + ", "
        + Gib.text(need.hostBytes())
        + " of the machine's memory, "
        + Gib.text(need.diskBytes())
        + " of its disk with all that is there by then.";
  }
}
