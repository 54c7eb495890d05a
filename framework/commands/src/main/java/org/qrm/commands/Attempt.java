package org.qrm.commands;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a request is after, as a problem says it: {@code act on virtual environment} and {@code web1}. It is read from the
 * route's path, since the body has not been looked at.
 *
 * @param attempted a verb and a noun
 * @param variable of the path that names the subject, empty where there is none
 */
public record Attempt(String attempted, String variable) {

    private static final String ACTIONS = "actions";

    /** Of every request to that route. */
    public static Attempt of(Route route) {
        Deque<String> nouns = new ArrayDeque<>();
        String variable = "";
        for (String segment : route.path().substring(1).split("/")) {
            if (segment.startsWith("{")) {
                variable = segment.substring(1, segment.length() - 1);
                nouns.push(singular(nouns.pop()));
            } else if (!segment.equals(ACTIONS)) {
                nouns.push(segment.replace('-', ' '));
            }
        }
        String verb = verb(route, nouns.peek());
        if (verb.equals("create")) {
            nouns.push(singular(nouns.pop()));
        }
        return new Attempt(verb + " " + String.join(" of ", nouns), variable);
    }

    private static String verb(Route route, String noun) {
        if (route.path().endsWith("/" + ACTIONS)) {
            return "act on";
        }
        return switch (route.method()) {
            case "GET" -> "read";
            case "POST" -> noun.endsWith("s") ? "create" : "use";
            case "DELETE" -> "delete";
            default -> "change";
        };
    }

    private static String singular(String noun) {
        return noun.endsWith("s") ? noun.substring(0, noun.length() - 1) : noun;
    }
}
