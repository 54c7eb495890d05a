package org.qrm.plugin.ipmi.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.power.BmcLogEntry;

/**
 * What {@code ipmitool -c -Z sel elist} writes: a line for each entry, the oldest first:
 * {@code id,date,time,sensor,event,direction[,reading]} (ipmitool's ipmi_sel.c). Entries from before the BMC had its clock set have
 * {@code Pre-Init} for the date.
 */
final class EventLogText {

    private static final Pattern ENTRY =
            Pattern.compile("([0-9a-fA-F]{1,8}),([^,]{0,40}),([^,]{0,40}),([^,]{0,200}),(.*)");
    private static final Pattern DATE = Pattern.compile("([0-9]{2})/([0-9]{2})/([0-9]{2}|[0-9]{4})");
    private static final Pattern TIME = Pattern.compile("([0-9]{2}):([0-9]{2}):([0-9]{2})( UTC)?");
    private static final int CENTURY = 2000;

    private EventLogText() {}

    /** The newest first; lines that are no entries are left out. */
    static List<BmcLogEntry> read(List<String> lines) {
        List<BmcLogEntry> entries = new ArrayList<>();
        for (String line : lines) {
            Matcher entry = ENTRY.matcher(line);
            if (entry.matches()) {
                entries.add(new BmcLogEntry(
                        entry.group(1),
                        time(entry.group(2).strip(), entry.group(3).strip()),
                        entry.group(4).strip(),
                        String.join(", ", entry.group(5).strip().split("\\s*,\\s*"))));
            }
        }
        Collections.reverse(entries);
        return entries;
    }

    private static Instant time(String date, String time) {
        Matcher day = DATE.matcher(date);
        Matcher moment = TIME.matcher(time);
        if (!day.matches() || !moment.matches()) {
            return null;
        }
        int year = number(day, 3);
        try {
            return LocalDateTime.of(
                            year < 100 ? CENTURY + year : year,
                            number(day, 1),
                            number(day, 2),
                            number(moment, 1),
                            number(moment, 2),
                            number(moment, 3))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException none) {
            return null;
        }
    }

    private static int number(Matcher matched, int group) {
        return Integer.parseInt(matched.group(group));
    }
}
