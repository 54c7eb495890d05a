package org.qrm.rest.internal.fake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.request.RequestKeys;

/** Keys in memory. */
public final class FakeRequestKeys implements RequestKeys {

    public final Map<List<String>, String> begun = new ConcurrentHashMap<>();
    public final Map<List<String>, Outcome> ended = new ConcurrentHashMap<>();

    @Override
    public Optional<Outcome> begin(String user, String key, String fingerprint) {
        List<String> id = List.of(user, key);
        String before = begun.putIfAbsent(id, fingerprint);
        if (before == null) {
            return Optional.empty();
        }
        if (!before.equals(fingerprint) || !ended.containsKey(id)) {
            throw new QrmException(
                    new Problem(Problem.Kind.CONFLICT, "serve the request", key, "it was begun before", "Look."));
        }
        return Optional.of(ended.get(id));
    }

    @Override
    public void end(String user, String key, Outcome outcome) {
        ended.put(List.of(user, key), outcome);
    }

    @Override
    public void forget(String user, String key) {
        begun.remove(List.of(user, key));
    }
}
