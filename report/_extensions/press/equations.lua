-- Formulas: numbered where they are labelled, and read aloud by the words of alt="…".
--   $$ formula $$ {#eq-name alt="words"}     [$formula$]{alt="words"}
-- src/press/publish/scan.py puts the attributes of a displayed formula into an empty span before it.

local numbering = require("numbering")
local problems = require("problems")
local subset = require("subset")
local writer = require("writer")

local equations = {}
local announced -- the attributes of the displayed formula that comes next

function equations.announce(span)
  announced = { id = span.identifier, alt = span.attributes.alt, line = problems.take_line(span) }
  span.classes = span.classes:filter(function(class) return class ~= "press-equation" end)
  subset.attributes(span, "a formula", {}, { alt = true }, { line = announced.line })
  return {}, false
end

function equations.none_pending()
  if announced then
    problems.add("the formula between $$ and $$ is not understood.", { line = announced.line })
  end
end

-- Simple enough that its source can be read aloud: letters, digits, signs, one exponent or index at a time.
local function speaks_for_itself(text)
  return not text:find("[\\{}]") and #text <= 24
end

function equations.write(math)
  if math.mathtype == "InlineMath" then
    if not quarto and not speaks_for_itself(math.text) then
      problems.add(
        ("the formula '%s' has no words to be read aloud. Write [$…$]{alt=\"words\"}."):format(math.text),
        { search = math.text, literal = true }
      )
    end
    return writer.formula(math, math.text), false
  end
  -- Quarto numbers displayed formulas itself.
  if quarto then
    return nil
  end
  local given = announced or {}
  announced = nil
  local where = { line = given.line, search = "$$", literal = true }
  if (given.alt or "") == "" then
    problems.add('a displayed formula needs words to be read aloud: $$ … $$ {#eq-name alt="words"}.', where)
  end
  local id = given.id or ""
  local number
  if id ~= "" then
    if not id:match("^eq%-.") then
      problems.add(("the label '%s' stands on a formula. Labels of a formula begin with 'eq-'."):format(id), where)
    else
      number = numbering.number("eq", id, given.alt or "", given.line)
    end
  end
  return writer.displayed(math, given.alt or "", id, number and numbering.labels[id].number), false
end

function equations.with_alt(span, line)
  local math = span.content[1]
  if #span.content ~= 1 or math.t ~= "Math" or math.mathtype ~= "InlineMath" then
    problems.add('alt="…" belongs to one formula: [$formula$]{alt="words"}.', { line = line, search = span.attributes.alt })
    return {}
  end
  subset.attributes(span, "a formula in a line", {}, { alt = true }, { line = line })
  if span.identifier ~= "" then
    problems.add("a formula in a line has no label. Only one between $$ and $$ is numbered.", { line = line })
  end
  return writer.formula(math, span.attributes.alt)
end

return equations
