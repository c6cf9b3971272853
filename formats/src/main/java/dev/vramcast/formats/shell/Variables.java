package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a script as they change from line to line. What each was at an earlier command
 * is found again, so that a script of many commands and variables takes no more than it is long.
 */
public final class Variables {

  private final Map<String, List<Value>> values = new HashMap<>();
  private int now;

  private record Value(int since, Word word) {}

  /** Sets one from here on. */
  void put(String name, Word word) {
    now++;
    values.computeIfAbsent(name, each -> new ArrayList<>()).add(new Value(now, word));
  }

  /** What one is now; null where the script has not set it. */
  @Nullable Word get(String name) {
    List<Value> known = values.get(name);
    return known == null ? null : known.get(known.size() - 1).word();
  }

  /**
   * What all of them are now.
   *
   * @param own set for one command alone
   */
  Moment moment(Map<String, Word> own) {
    return new Moment(this, now, Map.copyOf(own));
  }

  private Optional<Word> at(int moment, List<Value> known) {
    int low = 0;
    int high = known.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (known.get(middle).since() <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? Optional.empty() : Optional.of(known.get(low - 1).word());
  }

  /** The variables as a command finds them. */
  public static final class Moment {

    private final Variables variables;
    private final int moment;
    private final Map<String, Word> own;

    private Moment(Variables variables, int moment, Map<String, Word> own) {
      this.variables = variables;
      this.moment = moment;
      this.own = own;
    }

    /** All of them, by name. */
    Map<String, Word> all() {
      Map<String, Word> all = new HashMap<>();
      variables.values.forEach(
          (name, known) -> variables.at(moment, known).ifPresent(value -> all.put(name, value)));
      all.putAll(own);
      return Map.copyOf(all);
    }
  }
}
