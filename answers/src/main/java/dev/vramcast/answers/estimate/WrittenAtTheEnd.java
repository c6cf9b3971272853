package dev.vramcast.answers.estimate;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.Life.EpisodeNeed;
import java.util.List;
import java.util.Map;

/** What the weights take that a job has made of what it trained, where it asks for them. */
final class WrittenAtTheEnd {

  private static final Map<String, String> VERBS =
      Map.of("consolidate", "To put shards together", "merge", "To merge", "export", "To export");

  private WrittenAtTheEnd() {}

  static void add(Life life, Sections sections) {
    List<EpisodeNeed> asked =
        life.episodes().stream().filter(each -> VERBS.containsKey(each.name())).toList();
    if (!asked.isEmpty()) {
      sections.title("When training is over");
      asked.forEach(each -> sections.sentence(sentence(each)));
    }
  }

  private static String sentence(EpisodeNeed need) {
    return VERBS.get(need.name())
        + ": "
        + (need.gpuBytes() > 0 ? Gib.text(need.gpuBytes()) + " of each card" : "no card")
        + ", "
        + Gib.text(need.hostBytes())
        + " of the machine's memory, "
        + Gib.text(need.diskBytes())
        + " of its disk with all that is there by then.";
  }
}
