package org.qrm.api.search;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Finds whatever a text stands in: names, addresses, numbers, what machines are made of, what happened. */
@ProviderType
public interface Search {

    /** A text is so long at most. */
    int LONGEST = 200;

    /** So many of a kind are asked for at most. */
    int MOST = 100;

    /**
     * The best of each kind: what is the text first, what begins with it next, what has it anywhere last; of each of these names first.
     * Great and small letters are the same. Of events and operations the newest 10,000 each are looked through. It sees what
     * stands in the database at this moment, and waits for nobody.
     *
     * @param text 1..{@value #LONGEST} characters; blanks around it do not count, and several are one
     * @param most 1..{@value #MOST} of each kind
     * @return kinds of which there is something, in their order
     * @throws org.qrm.api.QrmException INVALID for another text or number
     */
    List<Matches> find(String text, int most);
}
