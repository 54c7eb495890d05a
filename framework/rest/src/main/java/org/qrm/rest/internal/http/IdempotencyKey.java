package org.qrm.rest.internal.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.RetryLater;
import org.qrm.api.request.RequestKeys;
import org.qrm.api.request.RequestKeys.Outcome;
import org.qrm.commands.Answer;
import org.qrm.commands.Route;
import org.qrm.commands.Router;

/**
 * {@code Idempotency-Key}: a POST that is sent again, because its answer was lost, is answered again and not done again
 * (draft-ietf-httpapi-idempotency-key-header).
 */
public final class IdempotencyKey {

    public static final String HEADER = "Idempotency-Key";

    /** Tells whoever asks that nothing was done now. */
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern FORM = Pattern.compile("[!-~]{1,200}");

    private final Router router;
    private final Supplier<RequestKeys> keys;
    private final Set<Asked> beingDone = ConcurrentHashMap.newKeySet();

    private record Asked(String user, String key) {}

    public IdempotencyKey(Router router, Supplier<RequestKeys> keys) {
        this.router = router;
        this.keys = keys;
    }

    /**
     * Does the work, unless a request with the same key was done.
     *
     * @throws QrmException CONFLICT when the same request is being done, its end is not known, or the key was given to
     *     another one; INVALID for a key that can be none, or on a path that heeds none
     */
    public Answer over(HttpCall call, Callable<Answer> work) throws Exception {
        String key = call.request().getHeader(HEADER);
        if (key == null) {
            return work.call();
        }
        if (!Router.isKeyed(call.route())) {
            throw QrmException.invalid(
                    "heed " + HEADER, Name.printable(call.rawPath()), "it is not heeded here", "Leave it out.");
        }
        if (!FORM.matcher(key).matches()) {
            throw QrmException.invalid(
                    "heed " + HEADER, Name.printable(key), "it is no key", "1 to 200 visible ASCII characters.");
        }
        Asked asked = new Asked(call.caller().name(), key);
        if (!beingDone.add(asked)) {
            throw new QrmException(new Problem(
                    Problem.Kind.CONFLICT,
                    "serve the request",
                    key,
                    "the same request is being done",
                    "Ask again in a moment."));
        }
        try {
            return once(asked, call, work);
        } finally {
            beingDone.remove(asked);
        }
    }

    private Answer once(Asked asked, HttpCall call, Callable<Answer> work) throws Exception {
        Optional<Outcome> before = keys.get().begin(asked.user, asked.key, fingerprint(call));
        if (before.isPresent()) {
            return again(call, before.get());
        }
        Answer answer;
        try {
            answer = work.call();
        } catch (QrmException e) {
            // of all others it is not known whether they have changed something
            if (e.problem().kind() != Problem.Kind.TIMEOUT && !(e instanceof RetryLater lost && lost.mayBeDone())) {
                keys.get().forget(asked.user, asked.key);
            }
            throw e;
        }
        if (answer.status() == 200) {
            keys.get().forget(asked.user, asked.key);
        } else {
            keys.get().end(asked.user, asked.key, new Outcome(answer.status(), answer.location()));
        }
        return answer;
    }

    /** The answer with what has come of it by now; without a body when that is gone. */
    private Answer again(HttpCall call, Outcome outcome) throws Exception {
        Object body = null;
        if (outcome.location() != null) {
            try {
                Router.Match match = router.find("GET", outcome.location());
                body = match.route()
                        .handler()
                        .handle(call.asGet(match, outcome.location()))
                        .body();
            } catch (QrmException e) {
                if (e.problem().kind() != Problem.Kind.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return new Answer(outcome.status(), body, outcome.location(), true);
    }

    /** Another one for another path, other parameters or another body; how long it waits makes no other request. */
    private static String fingerprint(HttpCall call) throws IOException {
        var parameters = call.given();
        parameters.remove(Route.WAIT.name());
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((call.rawPath() + "?" + parameters + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(call.bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
