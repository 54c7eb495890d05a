package org.qrm.core.subscription;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.qrm.api.Name;
import org.qrm.api.event.Event;
import org.qrm.api.subscription.MailAddresses;

/**
 * Events as a mail. All that an event says is hostile: what of it is in the subject is an encoded word, and the rest is in the body, in
 * base64; no text of it is a line of the mail.
 *
 * @param id of this mail; the same whenever the same events are sent
 * @param text as it is sent: lines of ASCII that end with CR LF, none of which begins with a dot
 */
record Letter(String id, String text) {

    private static final String END = "\r\n";
    private static final int LONGEST_SUBJECT = 120;
    private static final int LONGEST_DESCRIPTION = 1000;
    /** Bytes of an encoded word, which has 75 characters at most. */
    private static final int WORD = 42;

    private static final int LINE = 76;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** @param origin tells the events of this log from those of others */
    static Letter of(String origin, String subscription, MailAddresses addresses, List<Event> events, Instant now) {
        String number = events.get(0).id() == 0
                ? "test-" + UUID.randomUUID()
                : events.get(0).id() + "-" + events.get(events.size() - 1).id();
        String host = addresses.sender().substring(addresses.sender().indexOf('@') + 1);
        String id = "<" + origin + "-" + number + "@" + host + ">";
        String head = String.join(
                END,
                "From: QRM <" + addresses.sender() + ">",
                "To: "
                        + addresses.recipients().stream()
                                .map(each -> "<" + each + ">")
                                .collect(Collectors.joining("," + END + " ")),
                "Subject: " + encoded(subject(events)),
                "Date: " + DATE.format(now),
                "Message-ID: " + id,
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: base64");
        byte[] body = body(subscription, events).getBytes(StandardCharsets.UTF_8);
        String coded = Base64.getMimeEncoder(LINE, END.getBytes(StandardCharsets.US_ASCII))
                .encodeToString(body);
        return new Letter(id, head + END + END + coded + END);
    }

    private static String subject(List<Event> events) {
        Event worst = events.stream().max(Comparator.comparing(Event::priority)).orElseThrow();
        String what = word(worst) + ": " + Name.printable(worst.description(), LONGEST_SUBJECT);
        return events.size() == 1 ? "QRM " + what : "QRM " + events.size() + " events, the worst " + what;
    }

    private static String body(String subscription, List<Event> events) {
        StringBuilder text = new StringBuilder();
        for (Event event : events) {
            text.append(event.time().truncatedTo(ChronoUnit.SECONDS))
                    .append("  ")
                    .append(word(event))
                    .append("  ")
                    .append(Name.printable(event.type()))
                    .append(event.subject().isEmpty() ? "" : "  " + Name.printable(event.subject(), LONGEST_SUBJECT))
                    .append(END)
                    .append("    ")
                    .append(Name.printable(event.description(), LONGEST_DESCRIPTION))
                    .append(END)
                    .append(END);
        }
        return text + "-- " + END + "Sent by subscription " + subscription + ". qrm event list shows all events." + END;
    }

    private static String word(Event event) {
        return event.priority().name().toLowerCase(Locale.ROOT);
    }

    /** As encoded words (RFC 2047), none of which ends within a character. */
    private static String encoded(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        for (int each : text.codePoints().toArray()) {
            String next = Character.toString(each);
            int more = next.getBytes(StandardCharsets.UTF_8).length;
            if (bytes + more > WORD) {
                words.add(encodedWord(word.toString()));
                word.setLength(0);
                bytes = 0;
            }
            word.append(next);
            bytes += more;
        }
        words.add(encodedWord(word.toString()));
        return String.join(END + " ", words);
    }

    private static String encodedWord(String text) {
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
