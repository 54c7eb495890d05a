package org.qrm.plugin.webhookpower.internal;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.resource.Resource;

/** What stands for a machine in addresses and bodies: {@code {mac}}. */
final class Placeholders {

    private static final Pattern ONE = Pattern.compile("\\{([A-Za-z]{0,20})\\}");

    private static final Map<String, Function<Resource, String>> KNOWN = Map.of(
            "name", Resource::name,
            "mac", resource -> resource.mac().value(),
            "id", resource -> String.valueOf(resource.id()));

    private Placeholders() {}

    /** One that is none, with its braces. */
    static Optional<String> unknown(String text) {
        return ONE.matcher(text)
                .results()
                .filter(found -> !KNOWN.containsKey(found.group(1)))
                .map(found -> found.group())
                .findFirst();
    }

    /** For messages. */
    static String known() {
        return "{name}, {mac} and {id}";
    }

    /** The text without them. */
    static String without(String text) {
        return ONE.matcher(text).replaceAll("");
    }

    /** @param escape of each value, fit for its place */
    static String fill(String text, Resource resource, UnaryOperator<String> escape) {
        return ONE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        escape.apply(KNOWN.get(found.group(1)).apply(resource))));
    }
}
