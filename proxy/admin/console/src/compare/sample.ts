/** A text to begin with: every value in it is made up or reserved for examples. */
export const sample = `Subject: Refund for order 88213

Hello,

please call me back on +1 415 867 5309 or write to jane.roe@acme-travel.com.
The card was 4111 1111 1111 1111; refund to DE89 3704 0044 0532 0130 00.
My social security number, since you asked: 536-22-8713.

The server that refused me was 93.184.216.34, and your form showed me this:

    OPENAI_API_KEY=sk-proj-Not4Real9Key2Not4Real9Key2
    DATABASE_URL=postgres://billing:s3cr3t-Passw0rd@db.acme-travel.com/prod

Our project is called Bluebird; the case number is PRJ-20931, the one before
it was PRJ-18440. Jane Roe, 12 Harbour Street, Springfield

Kind regards
Jane
`
