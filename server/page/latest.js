// Of tasks of one kind the last counts: what begins ends what is under way.
export class Latest {
  begin() {
    this.end();
    this.controller = new AbortController();
    return this.controller.signal;
  }

  end() {
    if (this.controller) this.controller.abort();
  }
}
